"""The codes MLC0xx: files that cannot be read or parsed.

One constant per code, and `CODES`.
"""

from __future__ import annotations

from mlopsctl.diagnostics.codes.entry import Code
from mlopsctl.diagnostics.model import Severity

UNREADABLE_FILE = Code(
    "MLC001",
    "the file cannot be read",
    Severity.ERROR,
    why="A spec must be a regular file that exists and that you can read. Folders, pipes and devices are not opened, "
    "because reading them can block forever.",
    help="check the path and the permissions; it must be a regular file",
    bad="mlopsctl validate systems/card-fraud/mlop.yaml",
    good="mlopsctl validate systems/card-fraud/mlops.yaml",
)
NOT_UTF8 = Code(
    "MLC002",
    "the file is not UTF-8",
    Severity.ERROR,
    why="Other encodings are decoded differently on different machines, so files are decoded strictly as UTF-8.",
    help="save the file as UTF-8",
    bad="description: Pr\\xfcfung        # Latin-1 bytes",
    good="description: Prüfung           # UTF-8 bytes",
)
SYNTAX = Code(
    "MLC003",
    "invalid YAML",
    Severity.ERROR,
    why="The text violates the YAML grammar at this position, so the rest of the file cannot be parsed.",
    help="check the indentation, brackets and quotes around this position",
    bad="description: fraud: the early warning",
    good='description: "fraud: the early warning"',
)
DUPLICATE_KEY = Code(
    "MLC004",
    "duplicate key in a mapping",
    Severity.ERROR,
    why="YAML parsers disagree on which of the two values to use, and most drop one silently. The spec would not "
    "match what runs.",
    help="keep one of the two",
    bad="replicas:\n  min: 2\n  min: 3",
    good="replicas:\n  min: 2\n  max: 3",
)
TAB = Code(
    "MLC005",
    "tab used for indentation",
    Severity.ERROR,
    why="YAML forbids tabs in indentation, because the width of a tab is not defined.",
    help="indent with spaces",
    bad="metadata:\n\tname: card-fraud",
    good="metadata:\n  name: card-fraud",
)
CONTROL_CHARACTER = Code(
    "MLC006",
    "control character",
    Severity.ERROR,
    why="NUL and other control characters are invisible, terminate strings in some programs and control terminals in "
    "others. No value of a spec needs one.",
    help="delete the character",
    bad='description: "bell \\a"',
    good="description: bell",
)
TAG = Code(
    "MLC007",
    "YAML tag",
    Severity.ERROR,
    why="A tag makes a loader build an object other than the plain value; in common loaders this executes code. The "
    "language does not use tags.",
    help="delete the tag; quote a number or word to keep it as text",
    bad="version: !!str 1.4",
    good='version: "1.4"',
)
MERGE_KEY = Code(
    "MLC008",
    "YAML merge key",
    Severity.ERROR,
    why="`<<` exists only in YAML 1.1, hides the content of a mapping, and grows without limit when chained.",
    help="write the keys out, or use an alias for the whole value",
    bad="prod:\n  <<: *base\n  max: 20",
    good="prod:\n  min: 2\n  max: 20",
)
KEY_NOT_TEXT = Code(
    "MLC009",
    "key that is not text",
    Severity.ERROR,
    why="Every key of the language is a name. A number, a boolean or a collection as a key usually means missing "
    "quotes.",
    help="quote the key",
    bad="columns:\n  2024: {type: int64}",
    good='columns:\n  "2024": {type: int64}',
)
ANOTHER_DOCUMENT = Code(
    "MLC010",
    "several documents in one file",
    Severity.ERROR,
    why="A file holds one system or one workspace. Parsers that expect one document silently drop the others.",
    help="move the document to its own file, or delete the `---`",
    bad="kind: MLSystem\n---\nkind: MLSystem",
    good="kind: MLSystem",
)
TOO_LARGE = Code(
    "MLC011",
    "the file is too large",
    Severity.ERROR,
    why="A spec describes a system in a few hundred lines. Files above 1 MiB, and locks above 10 MiB, are rejected, "
    "because reading them costs too much memory and time.",
    help="keep data in the files and tables that the spec refers to",
    bad="# 5 MiB of rows pasted into a spec",
    good="path: data/card_stats.parquet",
)
TOO_DEEP = Code(
    "MLC012",
    "the nesting is too deep",
    Severity.ERROR,
    why="Nothing in the language nests deeper than about 12 levels. Without a limit, a small file can overflow a "
    "parser.",
    help="nest at most 64 levels",
    bad="params: [[[[[[[[ ... ]]]]]]]]",
    good="params: {max_depth: 6}",
)
TOO_MANY_NODES = Code(
    "MLC013",
    "too many values",
    Severity.ERROR,
    why="A file can hold 100,000 values, with aliases counted by their expanded size. Aliases of aliases double the "
    "size with each line, so that a few lines can exceed the memory.",
    help="use fewer values, and no aliases of aliases",
    bad="a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]   # and so on",
    good="a: [x, x]",
)
UNKNOWN_ALIAS = Code(
    "MLC014",
    "undefined alias",
    Severity.ERROR,
    why="`*name` refers to the value that `&name` marked earlier in the file, but no such anchor exists. Often the "
    "`*` was meant as a character.",
    help="define the anchor `&name` before its first use; quote a text that begins with `*`",
    bad="path: *stats",
    good='path: "*stats"',
)
ALIAS_CYCLE = Code(
    "MLC015",
    "value that contains itself",
    Severity.ERROR,
    why="The alias is inside the value that its anchor marks, so its expansion is infinite.",
    help="replace the alias with the value",
    bad="inputs: &all [request.amount, *all]",
    good="inputs: [request.amount]",
)
NUMBER_OUT_OF_RANGE = Code(
    "MLC016",
    "number that programs read differently",
    Severity.ERROR,
    why="The programs that read the rendered files change or reject integers beyond 64 bits, floats too large for a "
    "double, `.inf` and `.nan`, or cannot represent them at all.",
    help="use a number that fits in 64 bits; quote an identifier of many digits",
    bad="values: [12345678901234567890123]",
    good='values: ["12345678901234567890123"]',
)
EMPTY_FILE = Code(
    "MLC017",
    "the file is empty",
    Severity.ERROR,
    why="The file contains only blanks and comments.",
    help="start with `apiVersion`, `kind` and `metadata`",
    bad="# to be written",
    good="apiVersion: mlopsctl.dev/v1alpha1\nkind: MLSystem\nmetadata:\n  name: card-fraud",
)
BYTE_ORDER_MARK = Code(
    "MLC018",
    "byte order mark",
    Severity.WARNING,
    why="The file begins with the invisible character U+FEFF. mlopsctl skips it, but other tools read it as part of "
    "the first key.",
    help="save the file as UTF-8 without a byte order mark",
    bad="\\ufeffkind: MLSystem",
    good="kind: MLSystem",
)
MISLEADING_CHARACTER = Code(
    "MLC019",
    "invisible character that changes how the file reads",
    Severity.ERROR,
    why="Characters that change the text direction, and line breaks that only some programs recognise, make the text "
    "look different to a reviewer than to a parser.",
    help="delete the character; if a value needs it, write it as an escape in double quotes",
    bad="owner: team\\u202eksir        # the raw character",
    good='description: "first\\u2028second"',
)
BAD_ESCAPE = Code(
    "MLC020",
    "unknown escape sequence",
    Severity.ERROR,
    why="In double quotes a backslash starts an escape sequence, and YAML defines only some of them.",
    help="double the backslash, or use single quotes, where it is a plain character",
    bad='expr: "up{job=~\\"api\\d+\\"}"',
    good="expr: 'up{job=~\"api\\d+\"}'",
)
DIRECTIVE = Code(
    "MLC021",
    "YAML directive",
    Severity.ERROR,
    why="Lines that begin with `%` configure the parser. The language is YAML 1.2 without tags, so there is nothing "
    "to configure.",
    help="delete the line",
    bad="%YAML 1.1\n---\nkind: MLSystem",
    good="kind: MLSystem",
)
TOO_MANY_FINDINGS = Code(
    "MLC022",
    "too many errors in one file",
    Severity.ERROR,
    why="mlopsctl stops after 100 diagnostics per file.",
    help="fix the errors above first",
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
