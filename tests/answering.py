"""A small corpus to ask: three documents with running text, a list, a table and notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.answering.answerer import Answerer
from qa.answering.archive import Archive
from qa.answering.checking import Checker
from qa.answering.retrieval import Retrieval
from qa.corpus.corpus import Corpus
from qa.corpus.ingestion import Ingestion
from qa.models.encoder import Encoder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from qa.models.language import LanguageModel

LIGHTHOUSE = """The lighthouse of Skarholm by Ada Lindqvist

The lighthouse of Skarholm was built in 1868 by the engineer Otto Brandt. It stands 31 metres high.[1]
The first keeper was Maria Holm, who kept the light for 22 years.
In 1903 Denmark promised 40,000 crowns for the repair of the lighthouse. The money was spent on a new lens.

The Northern Lights Authority [NLA] has run the lighthouse since 1951.

The keeper's duties include:
- Lighting the lamp at dusk
- Winding the clockwork every four hours
- Writing the weather into the log

| Harbour | Depth | Main trade |
|---|---|---|
| Skarholm | 7 metres | Herring and salt |
| Vestvik | 12 metres | Timber |

[1] Otto Brandt, Notes on towers, 1870.
"""

BAKERY = """# The bakery

Bread is baked every morning in a stone oven. The oven was bought from Italy because the old one leaked heat.

Rye bread needs a sourdough of two days. The Northern Lights Authority buys forty loaves a week.
"""


class House:
    """A corpus with its answerer, to be closed."""

    def __init__(
        self, folder: Path, documents: dict[str, str] | None = None, models: Sequence[LanguageModel] = ()
    ) -> None:
        self.corpus = Corpus(folder, Encoder())
        self.archive = Archive(self.corpus.library.database)
        self.ingestion = Ingestion(self.corpus, cited=self.archive.cited, forget=self.archive.redact)
        self.retrieval = Retrieval(self.corpus)
        self.answerer = Answerer(self.corpus, self.retrieval, self.archive, models)
        self.checker = Checker(self.retrieval)
        default = {"lighthouse.md": LIGHTHOUSE, "bakery.md": BAKERY}
        for source, text in (default if documents is None else documents).items():
            self.ingestion.add(text.encode(), source)
