"""How guides are changed: what staff read."""

TEXT: dict[str, str] = {
    "error.guide_not_yours": "The guide of this service is written by its department. Ask that department or an administrator.",
    "error.guide_withdrawn": "This service is no longer offered. What you wrote is still there; for something similar look at the other services, or call 12345.",
    "error.guide_changed_meanwhile": "A new version came while you were checking. Please check that one.",
    "error.guide_broken": "Not everything is right yet: {detail}. See the places listed below.",
    "error.guide_draft_moved": "This version was just changed; the page is up to date. Please look and try again.",
    "error.guide_not_checked": "It was changed after the check. Please propose it again.",
    "error.guide_draft_unchanged": "Nothing differs from the version in force, so there is nothing to propose.",
    "error.guide_base_superseded": "Another version was published meanwhile. See what differs, go on from it and propose again.",
    "error.own_guide_draft": "You wrote part of this version. Another approver or an administrator publishes it or sends it back.",
    "error.guide_draft_is_editing": "This version was taken back to write on. Wait until it is proposed again.",
    "error.guide_draft_is_proposed": "This version is proposed. To change it, take it back first.",
    "error.guide_draft_is_scheduled": "This version has its day already. To change it, take it back first.",
    "error.guide_draft_is_published": "This version was just published.",
    "error.guide_draft_is_rejected": "This version was sent back. Wait until its writer proposes it again.",
    "error.guide_draft_is_withdrawn": "This version was given up. Begin a new one.",
    "error.effective_on_past": "The day cannot be before today. Please choose another.",
    "error.effective_on_far": "The day must be within a year. Please choose another.",
    "error.reason_needed_in_both": "Please write the reason in Chinese and in English (five signs at least): people read it.",
    "error.review_ticks_missing": "Not everything is ticked. If something differs, write what and press the other button.",
    "error.law_needed": "Please write the name of the law.",
}
