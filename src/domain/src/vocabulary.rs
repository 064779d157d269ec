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

words! {
    /// The class of fire hazard of production and storage (GB 50016, 火灾危险性), the most dangerous first.
    pub enum FireClass in "fire_class" {
        /// Explosive, or kindled by air or water.
        甲 "甲",
        /// Flammable.
        乙 "乙",
        /// Combustible.
        丙 "丙",
        /// Fire or molten matter in use, nothing that burns.
        丁 "丁",
        /// Nothing that burns.
        戊 "戊",
    }
}

impl FireClass {
    /// Returns whether a building of this class may hold what is of another: nothing more dangerous.
    #[must_use]
    pub fn allows(self, other: Self) -> bool {
        self <= other
    }
}

words! {
    /// A key fact of a listing; `fields.rs` names it on each of its columns.
    pub enum KeyFact in "fact" {
        /// Land or floor on offer.
        Area "area",
        /// Price or rent.
        Price "price",
        /// Availability.
        Status "status",
        /// The first free day.
        Available "available",
        /// Control indicators.
        Indicators "indicators",
        /// Power.
        Power "power",
        /// Energy.
        Energy "energy",
    }
}
