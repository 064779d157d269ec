//! The table of criteria (contract §6): one row each. The enumeration of `criterion.rs` and the rules of
//! `criteria/mod.rs` are made from it, and verdicts, columns, scores, advice, API and pages follow from those.

/// Calls a macro with the rows, in the order in which answers list the criteria: variant, stable id, kinds of listing that
/// are judged, whether it rests on law, unit of the gap by kind, relaxing, most points, formula of the points, fields of
/// the requirement that state it, rule. The file of each in `criteria/` names the reading taken where the contract
/// leaves room.
macro_rules! criteria {
    ($make:ident) => {
        $make! {
            Region "region" ALL legal:false &[], Step 120 Nearness ["regions"] own!(region);
            /// Industries that a listing admits.
            Industry "industry" BUILT legal:false &[], Step 120 CodeDistance ["industry"] own!(industry);
            /// Industries that a listing bans.
            BannedIndustry "banned_industry" ALL legal:true &[], Never 40 Whole ["industry"] own!(banned_industry);
            /// Land or building use.
            Use "use" BUILT legal:true &[], Never 80 Whole ["use"] words!(site_use);
            Chemical "chemical" ALL legal:true &[], Never 40 Whole ["chemical"] words!(chemical);
            Land "land" LANDED legal:false &[(LANDED, "mu")], Gap 100 Middle ["land_mu"] own!(land);
            Floor "floor" SPACE legal:false &[(SPACE, "m2")], Gap 100 Shortfall ["floor_m2"] own!(floor);
            Tax "tax" PLOT legal:false &[(PLOT, "wan/year")], Gap 60 Shortfall ["tax_wan"]
                indicator!(PerMu tax_wan_mu tax_wan);
            /// Fixed-asset investment.
            Investment "investment" PLOT legal:false &[(PLOT, "wan")], Gap 60 Shortfall ["fixed_investment_wan"]
                indicator!(PerMu invest_intensity_wan_mu fixed_investment_wan);
            Output "output" PLOT legal:false &[(PLOT, "wan/year")], Gap 40 Shortfall ["output_wan"]
                indicator!(PerMu output_wan_mu output_wan);
            /// R&D share.
            Rd "rd" PLOT legal:false &[(PLOT, "points")], Gap 30 Shortfall ["rd_percent"] indicator!(Plain rd_pct rd_percent);
            /// Value added per tonne of coal equivalent.
            Energy "energy" PLOT legal:false &[(PLOT, "wan/tce")], Gap 30 Shortfall ["value_added_wan" "energy_tce"]
                indicator!(PerUsed energy_va_wan_tce energy_tce);
            /// Value added per tonne emitted.
            Emission "emission" PLOT legal:false &[(PLOT, "wan/t")], Gap 30 Shortfall ["value_added_wan" "emission_t"]
                indicator!(PerUsed emission_va_wan_t emission_t);
            PlotRatio "plot_ratio" PLOT legal:false &[], Never 30 Whole ["plot_ratio"] own!(plot_ratio);
            /// Starting price or rent.
            Price "price" BUILT legal:false &[(PLOT, "wan/mu"), (SPACE, "yuan/m2/month")], Gap 100 Headroom
                ["price_wan_per_mu_max" "rent_yuan_m2_month_max"] own!(price);
            Tenure "tenure" BUILT legal:false &[], Step 60 Whole ["tenure"] words!(tenure);
            /// Power.
            Power "power" BUILT legal:false &[(BUILT, "kVA")], Gap 40 Excess ["power_kva"]
                at_least!(power_kva of Plot Space);
            /// Clear height.
            Height "height" SPACE legal:false &[(SPACE, "m")], Gap 40 Excess ["ceiling_height_m"]
                at_least!(ceiling_height_m of Space);
            /// Floor load.
            Load "load" SPACE legal:false &[(SPACE, "t/m2")], Gap 40 Excess ["floor_load_t_m2"]
                at_least!(floor_load_t_m2 of Space);
            /// Load of the overhead crane.
            Crane "crane" SPACE legal:false &[(SPACE, "t")], Gap 40 Excess ["crane_t"] at_least!(crane_t of Space);
            /// Load of the goods lift.
            Lift "lift" SPACE legal:false &[(SPACE, "t")], Gap 40 Excess ["lift_t"] at_least!(lift_t of Space);
            /// Length of the trucks that get in.
            Truck "truck" SPACE legal:false &[(SPACE, "m")], Gap 40 Excess ["truck_m"] at_least!(truck_m of Space);
            /// Facilities.
            Facilities "facilities" ALL legal:false &[], Drop 60 Whole ["facilities"] own!(facilities);
            /// Class of fire hazard.
            FireClass "fire_class" SPACE legal:true &[], Never 40 Whole ["fire_class"] words!(fire_class);
            /// Desks.
            Workstations "workstations" SPACE legal:false &[(SPACE, "desks")], Gap 30 Excess ["workstations"]
                at_least!(workstations of Space);
            Near "near" ALL legal:false &[(ALL, "km")], Gap 80 Distance ["near"] own!(near);
            Level "level" ALL legal:false &[], Step 40 Whole ["park_levels"] words!(level);
            /// Day from which it is free.
            Available "available" ALL legal:false &[(ALL, "days")], Gap 60 Days ["available_by"] own!(available);
        }
    };
}

pub(super) use criteria;
