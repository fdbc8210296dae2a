"""Pages: a provider's closings, one subscription, or drift, as a single HTML file that explains itself.

Needs Jinja2, which the extras ``pages`` and ``cli`` bring. A page needs no network; its texts are escaped.
"""

from ispcore.pages.network import DeviceSummary, NetworkStory
from ispcore.pages.usage import said_octets, usage_picture
from ispcore.pages.writing import MOST_CUSTOMERS, SIGNATURE, Story, drift_page, story_page, subscription_page

__all__ = [
    "MOST_CUSTOMERS",
    "SIGNATURE",
    "DeviceSummary",
    "NetworkStory",
    "Story",
    "drift_page",
    "said_octets",
    "story_page",
    "subscription_page",
    "usage_picture",
]
