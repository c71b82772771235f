"""Papers that need not be handed in twice: the wallet and the registries, in English."""

TEXT: dict[str, str] = {
    "error.wallet_item_not_found": "This paper is no longer in your wallet. Please take a photo.",
    "error.wallet_item_not_offered": "This paper cannot be used now: it expired, you stopped it, or the case is not your own. Please take a photo.",
    "error.registry_not_asked": "This service does not need that register. Just go on.",
    "error.registry_needs_profile": "Fill in your name and ID number under Me first, so that we can look it up; or take a photo.",
    "error.registry_own_only": "Only your own records can be looked up. For somebody else, please take photos.",
    "error.too_many_registry_queries": "That was looked up very often. Try again in {detail}, or take a photo.",
    "error.registry_answer_not_found": "There is no such look-up. Please load the page again.",
}
