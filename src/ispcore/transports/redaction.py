"""Secrets go to the device and are blotted out everywhere else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ispcore.values import SecretText

BLOT = "********"
# A device that echoes a line may wrap it: with blanks, new lines and moves of the cursor.
_WRAP = r"(?:\x1b\[[0-9;?]*[ -/]*[@-~]|[\s\x00-\x1f\x7f\\])*"


class Redactor:
    """Blots secrets out of texts; it learns them as they are used, and never shows them."""

    def __init__(self, secrets: Iterable[SecretText] = ()) -> None:
        """Know *secrets*."""
        self._patterns: dict[SecretText, re.Pattern[str]] = {}
        self.learn(secrets)

    def learn(self, secrets: Iterable[SecretText]) -> None:
        """Know *secrets* as well; one of blanks alone hides nothing."""
        for secret in secrets:
            letters = [re.escape(letter) for letter in secret.reveal() if not letter.isspace()]
            if letters and secret not in self._patterns:
                self._patterns[secret] = re.compile(_WRAP.join(letters))
        longest_first = sorted(self._patterns.items(), key=lambda pair: -len(pair[1].pattern))
        self._patterns = dict(longest_first)

    def __call__(self, text: str) -> str:
        """Return *text* with stars for every secret, also where one is wrapped."""
        for pattern in self._patterns.values():
            text = pattern.sub(BLOT, text)
        return text
