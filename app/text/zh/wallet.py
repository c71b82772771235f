"""Papers that need not be handed in twice: the wallet and the registries, in Chinese."""

TEXT: dict[str, str] = {
    "error.wallet_item_not_found": "证件夹里没有这份证件了。请拍照上传。",
    "error.wallet_item_not_offered": "这份证件现在不能用：过期了、您停用了，或者不是给您本人办。请拍照上传。",
    "error.registry_not_asked": "这件事用不着查这个库。接着往下填就行。",
    "error.registry_needs_profile": "要先在“我的”里填好姓名和身份证号码，才能替您查。也可以直接拍照上传。",
    "error.registry_own_only": "只能查您本人的。替别人办的，请拍照上传。",
    "error.too_many_registry_queries": "查得太多次了，请{detail}后再试，或者直接拍照上传。",
    "error.registry_answer_not_found": "没有这条查询记录。请刷新页面再看。",
}
