"""The stack in the language: one engine per stage, with the settings from its folder."""
