#include "core/codes/code_json.h"

#include <nlohmann/json.hpp>

namespace lab::codes {
namespace {

Json collisionsJson(const CodeReport& report, const SequenceSet& set) {
    Json list = Json::array();
    for (const Collision& collision : report.collisions)
        list.push_back({{"first", set.sequences[collision.first]},
                        {"second", set.sequences[collision.second]},
                        {"differing", collision.differing},
                        {"number", collision.number.toDecimal()},
                        {"same_answer", collision.sameAnswer}});
    return list;
}

Json usageJson(const CodeReport& report) {
    Json list = Json::array();
    for (const SlotUsage& slot : report.usage)
        list.push_back({{"counts", slot.counts}, {"perplexity", slot.perplexity()}, {"bits", slot.bits()}, {"unused", slot.unused()}});
    return list;
}

Json measuresJson(const NumberMeasures& measures) {
    return {{"median_bits", measures.medianBits},
            {"most_bits", measures.mostBits},
            {"rank_correlation", measures.rankCorrelation ? Json(*measures.rankCorrelation) : Json()},
            {"pairs_in_order", measures.pairsInOrder},
            {"median_move", measures.medianMove},
            {"median_rank_move", measures.medianRankMove},
            {"lossless", measures.lossless}};
}

Json rowJson(const SymbolRow& row) {
    return {{"position", row.position >= 0 ? Json(row.position) : Json()},
            {"changes", row.changes},
            {"unnoticed", row.unnoticed},
            {"slots_changed", row.slotsChanged},
            {"move", row.move},
            {"median_move", row.medianMove},
            {"exact", row.exact ? Json(row.exact->share()) : Json()}};
}

Json rowJson(const SlotRow& row) {
    return {{"slot", row.slot >= 0 ? Json(row.slot) : Json()},
            {"flips", row.flips},
            {"unnoticed", row.unnoticed},
            {"positions", row.positions},
            {"still_exact", row.stillExact}};
}

template <class Row>
Json rowsJson(const std::vector<Row>& rows) {
    Json list = Json::array();
    for (const Row& row : rows) list.push_back(rowJson(row));
    return list;
}

}  // namespace

Json figuresJson(const CodeReport& report) {
    return {{"sequences", report.sequences},
            {"exact", report.exactShare()},
            {"positions", report.positionShare()},
            {"collisions",
             {{"rate", report.collisionRate()},
              {"sequences", report.colliding},
              {"pairs", report.collidingPairs},
              {"chance", report.chanceOfAll}}},
            {"bits",
             {{"room", report.bitsRoom},
              {"used", report.bitsUsed},
              {"needed", report.needed.bits},
              {"needed_by", report.needed.by == NeededBy::alphabet ? "alphabet" : "counted"}}}};
}

Json reportJson(const CodeReport& report, const SequenceSet& set) {
    Json json = {{"slots", report.shape.slotCount}, {"codes", report.shape.codes}, {"repeated", report.repeated}};
    json.update(figuresJson(report));
    json["collisions"]["chance_of_used"] = report.chanceOfUsed;
    json["collisions"]["list"] = collisionsJson(report, set);
    json["different_codes"] = report.differentCodes;
    json["unused_codes"] = report.unusedCodes();
    json["usage"] = usageJson(report);
    json["losses"] = {{"commitment", report.losses.commitment}, {"usage", report.losses.usage}, {"injectivity", report.losses.injectivity}};
    return json;
}

Json orderJson(const NumberOrder& order) {
    return {{"sequences", order.sequences}, {"learned", measuresJson(order.learned)}, {"goedel", measuresJson(order.goedel)}};
}

Json robustnessJson(const SymbolRobustness& table) {
    return {{"possible", table.possible},
            {"all", rowJson(table.all)},
            {"by_position", rowsJson(table.byPosition)},
            {"by_slots", table.bySlots}};
}

Json robustnessJson(const SlotRobustness& table) {
    return {{"possible", table.possible},
            {"all", rowJson(table.all)},
            {"by_slot", rowsJson(table.bySlot)},
            {"by_positions", table.byPositions}};
}

Json lengthsJson(const std::vector<LengthRow>& rows) {
    Json list = Json::array();
    for (const LengthRow& row : rows) {
        Json json = {{"length", row.length}, {"trained", row.trained}};
        if (row.isMeasured())
            json.update({{"sequences", row.sequences},
                         {"exact", row.exact.share()},
                         {"positions", row.positions.share()},
                         {"colliding", row.colliding},
                         {"bits_needed", row.bitsNeeded}});
        else
            json["cannot"] = row.cannot.english();
        list.push_back(std::move(json));
    }
    return list;
}

Json sequenceJson(const CodeOfSequence& look) {
    Json json = {{"sequence", look.sequence},
                 {"code", look.code},
                 {"number", look.number.toDecimal()},
                 {"largest", look.largest.toDecimal()},
                 {"decoded", look.decoded}};
    json["wanted"] = look.wanted ? Json(*look.wanted) : Json();
    json["wrong"] = look.wrong ? Json(*look.wrong) : Json();
    return json;
}

Json neighboursJson(const std::vector<Neighbour>& neighbours, const SequenceSet& set, const BottleneckShape& shape,
                    std::span<const Code> codes) {
    Json list = Json::array();
    for (const Neighbour& each : neighbours)
        list.push_back({{"sequence", set.sequences[each.index]},
                        {"code", codes[each.index]},
                        {"number", numberOf(shape, codes[each.index]).toDecimal()},
                        {"slots", each.otherSlots},
                        {"distance", each.distance},
                        {"differing", each.differing}});
    return list;
}

Json turnJson(const DialTurn& turn) {
    return {{"slot", turn.slot},       {"before", turn.before},  {"after", turn.after}, {"number", turn.number.toDecimal()},
            {"decoded", turn.decoded}, {"changed", turn.changed}};
}

Json measuresJson(std::int64_t step, const CodeMeasures& measures, const SequenceSet& set) {
    Json json = {{"step", step}};
    json.update(reportJson(measures.report, set));
    if (measures.order) json["order"] = orderJson(*measures.order);
    if (measures.symbolChanges) json["symbol_changes"] = robustnessJson(*measures.symbolChanges);
    if (measures.slotFlips) json["slot_flips"] = robustnessJson(*measures.slotFlips);
    if (measures.lengths) json["lengths"] = lengthsJson(*measures.lengths);
    return json;
}

Json lookJson(const CodedTask& coded, const SequenceLook& look) {
    Json json = sequenceJson(look.own);
    json["goedel"] = {{"number", look.goedel.toDecimal()}, {"bits", look.goedel.bits()}};
    json["nearest"] = neighboursJson(look.nearest, coded.set, coded.coder.shape(), look.codes);
    for (const DialTurn& turn : look.turns) json["turns"].push_back(turnJson(turn));
    return json;
}

Json decodedJson(const DecodedNumber& decoded) {
    return {{"number", decoded.number.toDecimal()}, {"code", decoded.code}, {"decoded", decoded.decoded}};
}

}  // namespace lab::codes
