//! Facts of the work on a lead that notes record: the outcome of a visit, the proof and the
//! origin of an amount paid in.

use crate::word::words;

words! {
    /// The outcome of an enterprise's visit (考察).
    pub enum VisitOutcome in "visit_outcome" {
        /// It goes on with what it saw.
        Keen "keen",
        /// It wants to see or hear more.
        Undecided "undecided",
        /// The listings do not suit it.
        Unsuited "unsuited",
    }
}

words! {
    /// The document that proves an amount paid in (到位资金).
    pub enum FundsSource in "funds_source" {
        /// 银行回单
        BankReceipt "bank_receipt",
        /// 验资报告
        CapitalReport "capital_report",
        /// 外商投资信息报告
        ForeignReport "foreign_report",
        /// 统计联网直报
        Statistics "statistics",
    }
}

words! {
    /// The origin of an amount paid in: bulletins show money of other provinces and foreign money apart.
    pub enum FundsOrigin in "funds_origin" {
        /// 省内
        Province "province",
        /// 省外境内
        OtherProvince "other_province",
        /// 境外
        Foreign "foreign",
    }
}
