//! The enumerations of requirement and listing; one list of words each serves JSON, tables, forms and pages.

use crate::word::words;

words! {
    /// The use of the site (用途).
    pub enum Use in "use" {
        /// 生产
        Production "production",
        /// 研发
        Research "research",
        /// 仓储物流
        Warehouse "warehouse",
        /// 办公
        Office "office",
        /// 孵化
        Incubation "incubation",
    }
}

words! {
    /// The tenure of a site.
    pub enum Tenure in "tenure" {
        /// 买
        Buy "buy",
        /// 租
        Lease "lease",
    }
}

words! {
    /// The level of a park.
    pub enum ParkLevel in "level" {
        /// National.
        国家级 "国家级",
        /// Provincial.
        省级 "省级",
        /// Prefectural.
        市级 "市级",
        /// County.
        县级 "县级",
        /// Prefectural or county; some lists do not distinguish them.
        市县级 "市县级",
        /// In no catalogue.
        未列入 "未列入",
    }
}

words! {
    /// The availability of a listing.
    pub enum Status in "status" {
        /// Free.
        Available "available",
        /// Held for an enterprise.
        Reserved "reserved",
        /// Sold or let.
        Sold "sold",
        /// Withdrawn.
        Off "off",
    }
}

words! {
    /// The type of building of a space.
    pub enum SpaceKind in "space_kind" {
        /// 孵化器
        Incubator "incubator",
        /// 众创空间
        Makerspace "makerspace",
        /// 加速器
        Accelerator "accelerator",
        /// 标准厂房
        Factory "factory",
        /// 办公
        Office "office",
    }
}

words! {
    /// The type of a plot's record.
    pub enum RecordType in "record_type" {
        /// A notice of supply (出让公告).
        Listing "listing",
        /// A past deal (成交记录).
        Deal "deal",
    }
}
