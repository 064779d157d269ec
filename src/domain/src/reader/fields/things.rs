//! One pass over the words that name things: kinds of listing, uses, tenure, levels of parks, parks for chemicals.

use crate::listing::Kind;
use crate::reader::fields::kinds::{answered, is_land_by_the_mu, is_obliged, is_site_inside, kinds};
use crate::reader::fields::levels::levels;
use crate::reader::fields::named::Named;
use crate::reader::fields::tenure::tenure;
use crate::reader::fields::uses::{use_at, uses};
use crate::reader::fields::view::View;
use crate::reader::words::lexicon::{Tag, Tags};
use crate::reader::words::slot::Slot;
use crate::requirement::Use;

/// Tags of words that name a kind of listing, a tenure or a park for chemicals.
const THINGS: Tags = Tags::of(&[
    Tag::Named,
    Tag::Plot,
    Tag::Space,
    Tag::SpaceArea,
    Tag::Park,
    Tag::OnlyLease,
    Tag::OnlyBuy,
    Tag::Either,
    Tag::Lease,
    Tag::Buy,
    Tag::Chemical,
    Tag::ChemicalYes,
    Tag::ChemicalNo,
]);

/// Tags of words that name a level of parks.
const LEVELS: Tags = Tags::of(&[Tag::National, Tag::Provincial, Tag::Municipal, Tag::CountyLevel]);

/// Returns all things that the need names.
pub(crate) fn named(view: &View<'_>) -> Named {
    let mut it = Named::default();
    let land = view.has_fact(Slot::LAND)
        || view.having(&[Tag::Plot]).any(|at| !view.tokens[at].has(Tag::Named) && view.is_of_need(at));
    let land_facts = view.facts.iter().filter(|fact| fact.slot == Some(Slot::LAND));
    let mut by_the_mu = land_facts.map(|fact| fact.token).find(|&at| is_land_by_the_mu(view, at));
    for at in view.tagged.having(THINGS.and(LEVELS)) {
        by_the_mu.take_if(|first| *first < at).into_iter().for_each(|first| it.add(Kind::Plot, first));
        let token = &view.tokens[at];
        if token.tags.meets(LEVELS) {
            levels(view, at, &mut it);
        }
        if token.tags.meets(THINGS) {
            kinds(view, at, land, &mut it);
            tenure(view, at, &mut it);
            if token.any(&[Tag::ChemicalYes, Tag::ChemicalNo]) {
                it.chemical_said = Some((token.has(Tag::ChemicalYes), at, token.end));
            } else if token.has(Tag::Chemical)
                && let Some((said, end)) = answered(view, at)
            {
                it.chemical_said = Some((said, at, end));
            } else if token.has(Tag::Chemical) && (is_obliged(view, at) || is_site_inside(view, at)) {
                it.chemical_said = Some((true, at, token.end));
            }
            if token.has(Tag::Chemical) && view.is_of_need(at) && it.chemical.is_none() {
                it.chemical = Some(at);
            }
        }
    }
    by_the_mu.into_iter().for_each(|first| it.add(Kind::Plot, first));
    it.uses = uses(view);
    if it.kinds.is_empty() && view.has_fact(Slot::FLOOR) {
        same_again(view, &mut it);
    }
    // 检测实验室，1800㎡: rooms of which nothing but the area is asked.
    if it.kinds.is_empty() && view.has_fact(Slot::FLOOR) && !view.has_fact(Slot::LAND) {
        // The printed label of a floor names no kind.
        let printed = |label: usize| view.tokens[label].has(Tag::Named);
        let printed = view.facts.iter().any(|it| it.slot == Some(Slot::FLOOR) && it.label.is_some_and(printed));
        let offices = !printed && it.uses.iter().all(|&(found, _)| found == Use::Office);
        let named = |&at: &usize| view.is_of_need(at) && (offices || !view.tokens[at].has(Tag::Office));
        let rooms = view.having(&[Tag::SpaceArea]).find(named);
        rooms.into_iter().for_each(|at| it.add(Kind::Space, at));
    }
    of_desks(view, &mut it);
    it
}

/// Takes the use of the present office where the need itself tells only its desks: 目前租用写字楼600㎡，扩到1500㎡，工位200个.
fn of_desks(view: &View<'_>, it: &mut Named) {
    let desks = |&(found, at): &(Use, usize)| found == Use::Incubation && view.tokens[at].names(Slot::DESKS);
    let office = |&at: &usize| view.frames[at].existing && at >= view.real_from && view.tokens[at].has(Tag::Office);
    if !it.uses.is_empty()
        && it.uses.iter().all(desks)
        && let Some(at) = view.having(&[Tag::Office]).find(office)
    {
        it.uses = vec![(Use::Office, at)];
    }
}

/// Takes kind and use from what exists: 现有厂房不够用,想再租5000平.
fn same_again(view: &View<'_>, it: &mut Named) {
    let existing = |&at: &usize| view.frames[at].existing && at >= view.real_from;
    let Some(at) = view.having(&[Tag::Space]).find(existing) else { return };
    it.add(Kind::Space, at);
    if it.uses.is_empty() {
        it.uses.extend(use_at(view, at).map(|(found, _)| (found, at)));
    }
}
