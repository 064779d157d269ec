//! The table of leads as an office keeps them in a spreadsheet, and the kinds of files that staff import.

use crate::column::{Column, Table, columns, day, figure, id, industries, mail, text, word};
use crate::kind::Kind;
use crate::lead::{ConsentBasis, Source, Stage};
use crate::unit::Unit;
use crate::word::{Vocabulary, Word};

/// Returns the stage of a sheet's canonical word.
#[must_use]
pub fn stage(word: &str) -> Option<Stage> {
    Stage::from_word(word)
}

columns! {
    LEADS {
        company ["企业名称", "公司名称", "企业", "公司", "单位名称", "投资方", "投资主体", "客商名称"] = id();
        number ["编号", "项目编号", "线索编号", "项目代码"] = text();
        project ["项目名称", "项目", "项目内容", "项目代号"] = text();
        contact ["联系人", "联系人姓名", "企业联系人", "姓名"] = text();
        phone ["联系电话", "电话", "手机", "手机号", "手机号码", "联系方式"] = text();
        email ["邮箱", "电子邮箱", "联系邮箱", "企业邮箱"] = mail();
        uscc ["统一社会信用代码", "信用代码", "社会信用代码"] = text();
        need ["企业需求", "需求", "需求描述", "用地需求", "选址需求", "项目概况", "项目简介"] = text();
        industry ["行业代码", "行业", "国民经济行业代码"] = industries();
        land_mu ["用地面积", "需求用地", "拟用地", "用地规模", "需用地"] = figure(Unit::Mu);
        floor_m2 ["用房面积", "需求用房", "厂房面积", "需用房"] = figure(Unit::M2);
        investment_wan ["总投资", "投资总额", "计划总投资", "投资额"] = figure(Unit::Wan);
        tax_wan ["年税收", "预计年税收", "年纳税", "预计税收"] = figure(Unit::WanPerYear);
        output_wan ["年产值", "预计年产值", "预计产值"] = figure(Unit::WanPerYear);
        park_code ["所属园区", "园区代码", "园区编码"] = text();
        listing ["意向载体", "意向地块", "意向选址", "拟选址", "地块编号", "载体编号"] = text();
        source ["来源", "线索来源", "项目来源", "信息来源"] = word(Vocabulary::of::<Source>("lead_source"));
        referrer ["推荐人", "引荐人", "介绍人"] = text();
        basis ["同意方式", "同意依据", "授权方式"] = word(Vocabulary::of::<ConsentBasis>("lead_basis"));
        basis_note ["同意说明", "授权说明"] = text();
        stage ["阶段", "项目阶段", "跟进阶段", "当前阶段", "进展阶段", "进度"] = word(Vocabulary::of::<Stage>("stage"));
        owner ["负责人", "负责人邮箱", "跟进人", "经办人", "责任人", "招商人员"] = text();
        registered_on ["登记日期", "登记时间", "录入日期", "收到日期", "来访日期"] = day();
        answered_on ["首次答复日期", "首次联系日期", "首谈日期", "首谈时间"] = day();
        signed_on ["签约日期", "签约时间"] = day();
        amount_wan ["签约金额", "协议金额", "合同金额"] = figure(Unit::Wan);
        last_note ["最近跟进", "最新进展", "跟进情况", "跟进记录", "进展情况", "最近进展", "备注"] = text();
        last_on ["最近跟进日期", "跟进日期", "最近联系日期", "更新日期"] = day();
        next_on ["下次跟进", "下次跟进日期", "下次联系日期", "下次联系", "计划跟进日期"] = day();
    }
}

/// The table of leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeadSheet;

impl LeadSheet {
    /// Columns that hold personal data or words of people, which are kept out of stored reports.
    pub const PERSONAL: [&'static str; 7] =
        ["contact", "phone", "email", "referrer", "last_note", "basis_note", "need"];
}

impl Table for LeadSheet {
    fn columns(self) -> &'static [Column] {
        LEADS
    }

    fn is_published(self) -> bool {
        false
    }
}

/// A kind of file that staff import: listings, or leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SheetKind {
    /// Listings of a kind.
    Listing(Kind),
    /// Leads.
    Leads,
}

impl Word for SheetKind {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("plot", Self::Listing(Kind::Plot)),
        ("space", Self::Listing(Kind::Space)),
        ("park", Self::Listing(Kind::Park)),
        ("lead", Self::Leads),
    ];
}

impl SheetKind {
    /// Returns the kind of its listings; `None` for leads.
    #[must_use]
    pub const fn listing(self) -> Option<Kind> {
        match self {
            Self::Listing(kind) => Some(kind),
            Self::Leads => None,
        }
    }
}

impl Table for SheetKind {
    fn columns(self) -> &'static [Column] {
        match self {
            Self::Listing(kind) => kind.columns(),
            Self::Leads => LEADS,
        }
    }

    fn label(self, column: &Column) -> &'static str {
        match self {
            Self::Listing(kind) => kind.label(column),
            Self::Leads => LeadSheet.label(column),
        }
    }
}
