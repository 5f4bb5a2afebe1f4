#include "core/data/own_data.h"

#include <utility>

#include "core/data/pairs_file.h"
#include "tests/fuzz/harness.h"

namespace lab::fuzz {
namespace {

void makePairs(const OwnTable& table, const OwnPlan& plan) {
    OwnPairs made;
    if (!accepted([&] { made = ownPairs(table, plan); })) return;
    if (made.text.empty()) return;
    const PairsFile file("made", made.text, made.architecture == Architecture::encoder_decoder ? 3 : 2);
    require(std::cmp_equal(file.lines().size(), made.lines), "as many pairs are made as are counted");
}

}  // namespace

void own_data(std::string_view bytes) {
    std::string text;
    if (!accepted([&] { text = ownText(std::string(bytes), "input"); })) return;
    for (const char* ending : {".txt", ".csv"}) {
        OwnTable table;
        if (!accepted([&] { table = readOwnTable(text, "input", guessedFormat(text, ending)); })) continue;
        if (table.rows.empty()) continue;
        OwnPlan plan = guessedPlan(table);
        makePairs(table, plan);
        for (const OwnUse* use : OwnUse::table()) {
            plan.use = Kind<OwnUse>(*use);
            if (!use->hasAnswer() || table.columns > 1) makePairs(table, plan);
        }
    }
}

}  // namespace lab::fuzz
