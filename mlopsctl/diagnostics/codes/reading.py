"""The codes MLC0xx: what can be wrong with a file before its content means anything.

In: nothing. Out: one constant a code, and `CODES`. Never builds a finding.
"""

from __future__ import annotations

from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Severity

UNREADABLE_FILE = Code(
    "MLC001",
    "the file cannot be read",
    Severity.ERROR,
    why="A spec is an ordinary file that exists and that you may read. Folders, pipes and devices are not "
    "opened, because reading one of them can wait forever.",
    mend="check the path, and that it names an ordinary file you may read",
    bad="mlopsctl validate systems/card-fraud/mlop.yaml",
    good="mlopsctl validate systems/card-fraud/mlops.yaml",
)
NOT_UTF8 = Code(
    "MLC002",
    "the file is not UTF-8",
    Severity.ERROR,
    why="Text in another encoding would be read as different characters on different machines, so the bytes "
    "are decoded strictly as UTF-8.",
    mend="save the file as UTF-8",
    bad="description: Pr\\xfcfung        # Latin-1 bytes",
    good="description: Prüfung           # UTF-8 bytes",
)
SYNTAX = Code(
    "MLC003",
    "the file is not YAML",
    Severity.ERROR,
    why="The text does not follow YAML's grammar at this place, so nothing after it can be read.",
    mend="check the indentation, the brackets and the quotes around this place",
    bad="description: fraud: the early warning",
    good='description: "fraud: the early warning"',
)
DUPLICATE_KEY = Code(
    "MLC004",
    "a key stands twice in one mapping",
    Severity.ERROR,
    why="YAML readers disagree on which of the two counts, and most drop one in silence. What you wrote "
    "would not be what runs.",
    mend="keep one of the two",
    bad="replicas:\n  min: 2\n  min: 3",
    good="replicas:\n  min: 2\n  max: 3",
)
TAB = Code(
    "MLC005",
    "a tab stands where YAML needs spaces",
    Severity.ERROR,
    why="YAML forbids tabs in indentation: their width is a matter of taste, the depth of a key is not.",
    mend="indent with spaces",
    bad="metadata:\n\tname: card-fraud",
    good="metadata:\n  name: card-fraud",
)
CONTROL_CHARACTER = Code(
    "MLC006",
    "a control character",
    Severity.ERROR,
    why="NUL and other control characters are invisible, end strings early in some programs and steer "
    "terminals in others. No value of a spec needs one.",
    mend="delete the character",
    bad='description: "bell \\a"',
    good="description: bell",
)
TAG = Code(
    "MLC007",
    "a YAML tag",
    Severity.ERROR,
    why="Tags tell a reader to build something other than the text that stands there; in ordinary loaders "
    "that is how a file runs code. The language has no use for them.",
    mend="delete the tag; to keep a number or a word as text, put it in quotes",
    bad="version: !!str 1.4",
    good='version: "1.4"',
)
MERGE_KEY = Code(
    "MLC008",
    "a merge key",
    Severity.ERROR,
    why="`<<` belongs to YAML 1.1 only, hides what a mapping really holds, and grows without bound when chained.",
    mend="write the keys out, or use an alias for the whole value",
    bad="prod:\n  <<: *base\n  max: 20",
    good="prod:\n  min: 2\n  max: 20",
)
KEY_NOT_TEXT = Code(
    "MLC009",
    "a key that is not text",
    Severity.ERROR,
    why="Every key of the language is a name. A number, a truth value or a collection as a key is mostly a "
    "missing quote.",
    mend="put the key in quotes",
    bad="columns:\n  2024: {type: int64}",
    good='columns:\n  "2024": {type: int64}',
)
ANOTHER_DOCUMENT = Code(
    "MLC010",
    "a second document in one file",
    Severity.ERROR,
    why="One file holds one system or one workspace. Readers that expect one document drop the others in silence.",
    mend="move it to a file of its own, or delete the `---`",
    bad="kind: MLSystem\n---\nkind: MLSystem",
    good="kind: MLSystem",
)
TOO_LARGE = Code(
    "MLC011",
    "the file is too large",
    Severity.ERROR,
    why="A spec describes a system in some hundred lines. A file beyond 1 MiB is not one, and reading it "
    "would take memory and time from everything else.",
    mend="keep data in the files and tables that the spec refers to",
    bad="# 5 MiB of rows pasted into a spec",
    good="path: data/card_stats.parquet",
)
TOO_DEEP = Code(
    "MLC012",
    "the nesting is too deep",
    Severity.ERROR,
    why="Nothing in the language nests deeper than about 12 levels. Depth without a bound is how a small "
    "file overflows a reader.",
    mend="nest at most 64 levels",
    bad="params: [[[[[[[[ ... ]]]]]]]]",
    good="params: {max_depth: 6}",
)
TOO_MANY_NODES = Code(
    "MLC013",
    "too many values",
    Severity.ERROR,
    why="A file may hold 100,000 values, aliases counted as what they stand for. Aliases of aliases double "
    "with each line, so that half a page can stand for more than a memory holds.",
    mend="write fewer values, and no aliases of aliases",
    bad="a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]   # and so on",
    good="a: [x, x]",
)
UNKNOWN_ALIAS = Code(
    "MLC014",
    "an alias without its anchor",
    Severity.ERROR,
    why="`*name` stands for the value that `&name` marked earlier in the file, and there is none. Often the "
    "`*` was meant as a character.",
    mend="mark the value with `&name` before it is used; a text that begins with `*` needs quotes",
    bad="path: *stats",
    good='path: "*stats"',
)
ALIAS_CYCLE = Code(
    "MLC015",
    "a value that contains itself",
    Severity.ERROR,
    why="The alias stands inside the very value that its anchor marks; written out, it would never end.",
    mend="write the value out",
    bad="inputs: &all [request.amount, *all]",
    good="inputs: [request.amount]",
)
NUMBER_OUT_OF_RANGE = Code(
    "MLC016",
    "a number that programs read differently",
    Severity.ERROR,
    why="Integers beyond 64 bits, floats too large for a double, and `.inf` or `.nan` are changed, refused "
    "or cannot be written at all by the programs that read the rendered files.",
    mend="use a number of 64 bits; an identifier of many digits belongs in quotes",
    bad="values: [12345678901234567890123]",
    good='values: ["12345678901234567890123"]',
)
EMPTY_FILE = Code(
    "MLC017",
    "the file is empty",
    Severity.ERROR,
    why="There is nothing in the file but blanks and comments.",
    mend="begin with `apiVersion`, `kind` and `metadata`",
    bad="# to be written",
    good="apiVersion: mlopsctl.dev/v1alpha1\nkind: MLSystem\nmetadata:\n  name: card-fraud",
)
BYTE_ORDER_MARK = Code(
    "MLC018",
    "a byte order mark",
    Severity.WARNING,
    why="The file begins with the invisible character U+FEFF. It is skipped here, but other tools take it "
    "for the first letter of the first key.",
    mend="save the file as UTF-8 without a byte order mark",
    bad="\\ufeffkind: MLSystem",
    good="kind: MLSystem",
)
MISLEADING_CHARACTER = Code(
    "MLC019",
    "an invisible character that changes how the file reads",
    Severity.ERROR,
    why="Characters that turn the direction of writing, and line breaks that only some programs see, make a "
    "reviewer read something else than the machine does.",
    mend="delete the character; where a value needs it, write its escape in double quotes",
    bad="owner: team\\u202eksir        # the raw character",
    good='description: "first\\u2028second"',
)
BAD_ESCAPE = Code(
    "MLC020",
    "an escape that means nothing",
    Severity.ERROR,
    why="In double quotes a backslash begins an escape, and YAML knows only some of them.",
    mend="double the backslash, or use single quotes, in which it is an ordinary character",
    bad='expr: "up{job=~\\"api\\d+\\"}"',
    good="expr: 'up{job=~\"api\\d+\"}'",
)
DIRECTIVE = Code(
    "MLC021",
    "a YAML directive",
    Severity.ERROR,
    why="Lines that begin with `%` set the reader up. The language is YAML 1.2 without tags, so there is "
    "nothing to set.",
    mend="delete the line",
    bad="%YAML 1.1\n---\nkind: MLSystem",
    good="kind: MLSystem",
)
TOO_MANY_FINDINGS = Code(
    "MLC022",
    "too much is wrong to go on",
    Severity.ERROR,
    why="After 100 findings in one file the next hundred would not help.",
    mend="mend the ones above first",
    bad="# a hundred duplicate keys",
    good="# each key once",
)

CODES: tuple[Code, ...] = (
    UNREADABLE_FILE,
    NOT_UTF8,
    SYNTAX,
    DUPLICATE_KEY,
    TAB,
    CONTROL_CHARACTER,
    TAG,
    MERGE_KEY,
    KEY_NOT_TEXT,
    ANOTHER_DOCUMENT,
    TOO_LARGE,
    TOO_DEEP,
    TOO_MANY_NODES,
    UNKNOWN_ALIAS,
    ALIAS_CYCLE,
    NUMBER_OUT_OF_RANGE,
    EMPTY_FILE,
    BYTE_ORDER_MARK,
    MISLEADING_CHARACTER,
    BAD_ESCAPE,
    DIRECTIVE,
    TOO_MANY_FINDINGS,
)
