"""The form of each service as a careful person fills it in, for all but the three of `county`."""

from typing import Any

MA = {"name": "马小山", "id_number": "622101198009180032", "phone": "13800000002"}

FILLED: dict[str, dict[str, Any]] = {
    "sewage-discharge-permit": MA
    | {
        "shop_name": "小山牛肉面馆",
        "credit_code": "92620981MA7ABCDE0X",
        "shop_division": "620981002009",
        "address": "人民路 8 号",
        "premises_kind": "rented",
        "permit_kind": "first",
        "trade_kind": "catering",
        "water_per_day": "2.5",
        "pretreatment": "grease_trap",
        "outlet_place": "后墙外，接到人民路的检查井",
        "is_key_discharger": False,
        "declaration": True,
    },
    "unemployment-registration": MA
    | {
        "birthday": "1980-09-18",
        "living_division": "620981206200",
        "education": "middle",
        "registration_kind": "unemployed",
        "has_worked": True,
        "left_on": "2026-08-31",
        "leave_reason": "contract_ended",
        "is_claiming_benefit": True,
        "bank_name": "甘肃农信",
        "bank_card_number": "6217000010000000003",
        "declaration": True,
    },
    "social-security-card": MA
    | {
        "birthday": "1980-09-18",
        "living_division": "620981206200",
        "address": "三组 8 号",
        "holder_kind": "adult",
        "card_kind": "lost",
        "bank": "rural",
        "photo_kind": "police",
        "is_applying_for_self": True,
        "declaration": True,
    },
    "shop-tax-deregistration": MA
    | {
        "shop_name": "小山牛肉面馆",
        "credit_code": "92620981MA7ABCDE0X",
        "shop_division": "620981002009",
        "stopped_on": "2026-10-31",
        "reason": "new_trade",
        "has_missed_returns": False,
        "has_paper_invoices": True,
        "has_tax_device": False,
        "is_applying_for_self": True,
        "declaration": True,
    },
}
