"""The stack in the language: one engine a stage, each with the settings of its folder."""
