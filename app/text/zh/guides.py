"""办事指南怎么改：工作人员看的话。"""

TEXT: dict[str, str] = {
    "error.guide_not_yours": "这个事项的指南由它的主管部门来改。要改请联系该部门或管理员。",
    "error.guide_withdrawn": "这个事项不再办理了。您填的还在；要办类似的事，请看别的事项，或打 12345 问。",
    "error.guide_changed_meanwhile": "您核查的时候指南换了新版，请按新版再核查一遍。",
    "error.guide_broken": "还有地方没写好，不能提交：{detail}。请看下面列出的各处。",
    "error.guide_draft_moved": "这一版刚刚又有改动，页面已更新。请看一下，再做一次。",
    "error.guide_not_checked": "改动后还没有检查，请再提交一次。",
    "error.guide_draft_unchanged": "这一版和现行的一样，还没有改动，不用提交。",
    "error.guide_base_superseded": "这期间已经发布了别的新版。请先看哪里不同，再接着改、重新提交。",
    "error.own_guide_draft": "您写过这一版，要由另一位审批人员或管理员来发布或退回。",
    "error.guide_draft_is_editing": "这一版已收回去改了，等写的人重新提交。",
    "error.guide_draft_is_proposed": "这一版已提交等待发布。要改请先点“收回来接着改”。",
    "error.guide_draft_is_scheduled": "这一版已定好生效日期。要改请先点“收回来接着改”。",
    "error.guide_draft_is_published": "这一版刚刚已经发布了。",
    "error.guide_draft_is_rejected": "这一版已被退回，等写的人改好再提交。",
    "error.guide_draft_is_withdrawn": "这一版已经放弃了。要改请重新写一版。",
    "error.effective_on_past": "生效日期不能早于今天，请重新选。",
    "error.effective_on_far": "生效日期最远一年以内，请重新选。",
    "error.reason_needed_in_both": "请用中文和英文各写一句原因（至少五个字），群众要看。",
    "error.review_ticks_missing": "还有没打勾的。都一致才能这样记；不一致请写明后点另一个按钮。",
    "error.law_needed": "请写法律法规的名称。",
}
