#include "core/codes/code_sentences.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <numbers>

namespace lab::codes {
namespace {

std::string rounded(double value, int decimals) {
    std::array<char, 64> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed, decimals).ptr;
    return {buffer.data(), end};
}

std::string bitsText(double bits) {
    return rounded(bits, 1);
}

/// "12.3 %"; what is nearly nothing or nearly all is not said to be it.
std::string percent(double share) {
    constexpr double least = 0.001;
    if (share > 0 && share < least) return "< 0.1 %";
    if (share < 1 && share > 1 - least) return "> 99.9 %";
    return rounded(100 * share, share == 0 || share == 1 ? 0 : 1) + " %";
}

bool isNearlyInjective(const CodePoint& point) {
    return point.collisions < nearlyInjectiveBelow;
}

bool isReadable(const CodePoint& point) {
    return point.exact > readableAbove;
}

Message injectiveCourse(std::span<const CodePoint> points, const CodePoint* from) {
    const std::string limit = percent(nearlyInjectiveBelow);
    if (!from)
        return Message(LAB_TEXT("codes",
                                "Up to step %1 codes were not seen to be nearly injective (below %3): there %2 of the sequences share "
                                "theirs with another one."))
            .arg(points.back().step)
            .arg(percent(points.back().collisions))
            .arg(limit);
    const SourceText said =
        from == points.data()
            ? LAB_TEXT("codes",
                       "At step %1, the first that was looked at, codes were nearly injective already: %2 of the "
                       "sequences share theirs with another one (below %3).")
            : LAB_TEXT("codes", "Codes were first seen nearly injective at step %1: %2 of the sequences share theirs (below %3).");
    return Message(said).arg(from->step).arg(percent(from->collisions)).arg(limit);
}

Message readableCourse(std::span<const CodePoint> points, const CodePoint* from) {
    const std::string limit = percent(readableAbove);
    if (!from)
        return Message(
                   LAB_TEXT("codes",
                            "Up to step %1 they were not seen to be readable (above %3): there %2 of the sequences are decoded exactly."))
            .arg(points.back().step)
            .arg(percent(points.back().exact))
            .arg(limit);
    const SourceText said =
        from == points.data()
            ? LAB_TEXT("codes", "At step %1, the first that was looked at, %2 of the sequences were decoded exactly already (above %3).")
            : LAB_TEXT(
                  "codes",
                  "They were first seen readable at step %1: %2 of the sequences are decoded exactly from their codes alone (above %3).");
    return Message(said).arg(from->step).arg(percent(from->exact)).arg(limit);
}

Message lostAgain(const CodePoint& last, bool injective) {
    if (injective)
        return Message(LAB_TEXT("codes", "At step %1 they no longer are nearly injective: %2 of the sequences share theirs."))
            .arg(last.step)
            .arg(percent(last.collisions));
    return Message(LAB_TEXT("codes", "At step %1 they no longer are readable: %2 of the sequences are decoded exactly."))
        .arg(last.step)
        .arg(percent(last.exact));
}

const CodePoint* firstOf(std::span<const CodePoint> points, bool (*holds)(const CodePoint&)) {
    const auto found = std::ranges::find_if(points, holds);
    return found == points.end() ? nullptr : &*found;
}

Message sizeSentence(const NumberOrder& order) {
    return Message(LAB_TEXT("codes",
                            "G\u00F6"
                            "del's number has %1 bits (median of %2 sequences, %3 at the most), the learned one %4, with room for %5."))
        .arg(bitsText(order.goedel.medianBits))
        .arg(order.sequences)
        .arg(bitsText(order.goedel.mostBits))
        .arg(bitsText(order.learned.medianBits))
        .arg(bitsText(order.bitsRoom));
}

Message localitySentence(const NumberOrder& order) {
    return Message(
               LAB_TEXT("codes",
                        "When one symbol goes one up or down, the learned number passes %1 of the other sequences' numbers (median) and "
                        "changes by %2 of the larger one, G\u00F6"
                        "del's passes %3 and changes by %4; two sequences drawn at random are 29 % of the numbers apart (median)."))
        .arg(percent(order.learned.medianRankMove))
        .arg(percent(order.learned.medianMove))
        .arg(percent(order.goedel.medianRankMove))
        .arg(percent(order.goedel.medianMove));
}

std::string correlationText(const std::optional<double>& correlation) {
    return correlation ? rounded(*correlation, 2) : "\u2014";
}

Message keptOrderSentence(const NumberOrder& order) {
    return Message(LAB_TEXT("codes",
                            "Of all pairs of sequences the learned numbers have %1 in the order of a dictionary (rank correlation %2), "
                            "G\u00F6"
                            "del's %3 (%4); numbers drawn at random have about half."))
        .arg(percent(order.learned.pairsInOrder))
        .arg(correlationText(order.learned.rankCorrelation))
        .arg(percent(order.goedel.pairsInOrder))
        .arg(correlationText(order.goedel.rankCorrelation));
}

Message losslessSentence(const NumberOrder& order) {
    if (order.learned.lossless)
        return LAB_TEXT("codes",
                        "On the sequences measured the learned number lost nothing: each has its own, and each was decoded exactly. Of "
                        "others that says nothing; G\u00F6"
                        "del's number loses nothing of any sequence.");
    return LAB_TEXT("codes",
                    "On the sequences measured the learned number is not lossless; G\u00F6"
                    "del's number loses nothing of any sequence.");
}

Message neededBasis(const BitsNeeded& needed) {
    if (needed.by == NeededBy::counted)
        return LAB_TEXT("codes", "Needed is log2 of how many different sequences were seen; the data may have more.");
    return Message(LAB_TEXT("codes", "Needed is n log2 V: %1 symbols of %2 bits.")).arg(needed.length).arg(rounded(needed.perSymbol, 2));
}

}  // namespace

Message courseSentence(std::span<const CodePoint> points) {
    if (points.empty()) return {};
    const CodePoint* injective = firstOf(points, isNearlyInjective);
    const CodePoint* readable = firstOf(points, isReadable);
    std::vector<Message> said{injectiveCourse(points, injective), readableCourse(points, readable)};
    if (injective && readable && injective->step < readable->step)
        said.push_back(
            Message(
                LAB_PLURAL(
                    "codes",
                    "So they were seen to tell nearly all sequences apart %n step(s) before the decoder was seen to read most of them."))
                .count(readable->step - injective->step));
    if (injective && !isNearlyInjective(points.back())) said.push_back(lostAgain(points.back(), true));
    if (readable && !isReadable(points.back())) said.push_back(lostAgain(points.back(), false));
    return Message::joined(std::move(said));
}

Message injectivitySentence(const CodeReport& report) {
    std::vector<Message> said;
    if (report.colliding == 0)
        said.push_back(
            Message(LAB_TEXT("codes",
                             "None of %1 different sequences shares its code with another one; with codes drawn at random %2 would "
                             "on average."))
                .arg(report.sequences)
                .arg(percent(report.chanceOfAll)));
    else
        said.push_back(
            Message(LAB_TEXT("codes",
                             "%1 of %2 different sequences (%3) share their code with another one; with codes drawn at random %4 "
                             "would on average."))
                .arg(report.colliding)
                .arg(report.sequences)
                .arg(percent(report.collisionRate()))
                .arg(percent(report.chanceOfAll)));
    if (report.cannotBeInjective())
        said.push_back(LAB_TEXT("codes",
                                "There are more sequences in all than codes, so that some share theirs whatever is learned (the pigeonhole "
                                "principle)."));
    return Message::joined(std::move(said));
}

Message decodabilitySentence(const CodeReport& report) {
    std::vector<Message> said{
        Message(LAB_TEXT("codes", "From the code alone %1 of %2 sequences (%3) are decoded exactly; %4 of the positions are right."))
            .arg(report.exact.right)
            .arg(report.exact.asked)
            .arg(percent(report.exactShare()))
            .arg(percent(report.positionShare()))};
    if (report.collisionRate() < nearlyInjectiveBelow && report.exactShare() <= readableAbove)
        said.push_back(
            LAB_TEXT("codes", "Nearly all sequences measured have a code of their own, but the decoder reads no more than half of them."));
    return Message::joined(std::move(said));
}

/// By how much the entropy of a sample lies below that of what it is drawn from, on average, over all slots: (K - 1) / 2N nats each (Miller
/// 1955).
double bitsLostBySampling(const CodeReport& report) {
    return report.shape.slotCount * (report.shape.codes - 1) / (2.0 * std::max(1, report.sequences) * std::numbers::ln2);
}

Message bitsSentence(const CodeReport& report) {
    const auto filled = [&](const SourceText& text) {
        return Message(text).arg(bitsText(report.bitsRoom)).arg(bitsText(report.bitsUsed)).arg(bitsText(report.needed.bits));
    };
    const SourceText verdict =
        report.cannotBeInjective()
            ? LAB_TEXT("codes", "The slots have room for %1 bits, of which %2 are used; %3 are needed, so that no code can tell all apart.")
        : report.bitsUsed + 2 * bitsLostBySampling(report) < report.needed.bits
            ? LAB_TEXT("codes",
                       "The slots have room for %1 bits but are used for %2, fewer than the %3 needed: if all sequences use them as "
                       "those measured do, some share a code.")
            : LAB_TEXT("codes",
                       "The slots are used for %2 of %1 bits, about the %3 needed or more: by this a code of its own for each sequence is "
                       "not ruled out.");
    return Message::joined({filled(verdict), neededBasis(report.needed)});
}

Message usageSentence(const CodeReport& report) {
    if (report.usage.empty()) return {};
    const auto least = std::ranges::min_element(report.usage, {}, &SlotUsage::entropy);
    const auto place = least - report.usage.begin();
    const auto leaving = std::ranges::count_if(report.usage, [](const SlotUsage& slot) { return slot.unused() > 0; });
    if (leaving == 0)
        return Message(LAB_TEXT("codes",
                                "The sequences measured use all %1 codes of every slot; slot %2 is used least evenly, with perplexity %3."))
            .arg(report.shape.codes)
            .arg(place)
            .arg(rounded(least->perplexity(), 1));
    return Message(
               LAB_PLURAL(
                   "codes",
                   "The sequences measured leave codes of %n slot(s) unused, %1 of %2 in all; slot %3 is used least, with perplexity %4."))
        .count(leaving)
        .arg(report.unusedCodes())
        .arg(report.shape.slotCount * report.shape.codes)
        .arg(place)
        .arg(rounded(least->perplexity(), 1));
}

Message symbolSentence(const SymbolRobustness& table) {
    const SymbolRow& row = table.all;
    if (row.changes == 0) return LAB_TEXT("codes", "There is no symbol that could become another one.");
    std::vector<Message> said{
        Message(
            LAB_TEXT("codes",
                     "One symbol changed: %1 of %2 slots get another code on average, and the number moves by %3 of its range (median); "
                     "%4 of the changes go unnoticed."))
            .arg(rounded(row.slotsChanged, 1))
            .arg(table.bySlots.size() - 1)
            .arg(percent(row.medianMove))
            .arg(percent(static_cast<double>(row.unnoticed) / row.changes))};
    if (row.exact)
        said.push_back(Message(LAB_TEXT("codes", "%1 of the changed sequences are decoded exactly.")).arg(percent(row.exact->share())));
    return Message::joined(std::move(said));
}

Message slotSentence(const SlotRobustness& table) {
    const SlotRow& row = table.all;
    if (row.flips == 0) return LAB_TEXT("codes", "There is no slot that could be given another code.");
    return Message(LAB_TEXT("codes",
                            "One slot set to another code: %1 of %2 decoded positions change on average; %3 of the flips change none."))
        .arg(rounded(row.positions, 1))
        .arg(table.longest)
        .arg(percent(static_cast<double>(row.unnoticed) / row.flips));
}

Message lengthSentence(std::span<const LengthRow> rows) {
    std::vector<Message> said;
    const LengthRow* best = nullptr;
    const LengthRow* refused = nullptr;
    for (const LengthRow& row : rows) {
        if (!row.isMeasured() && !refused) refused = &row;
        if (row.isMeasured() && row.trained)
            said.push_back(Message(LAB_TEXT("codes", "At the trained length %1, %2 of the sequences are decoded exactly."))
                               .arg(row.length)
                               .arg(percent(row.exact.share())));
        if (row.isMeasured() && !row.trained && (!best || row.exact.share() > best->exact.share())) best = &row;
    }
    if (best)
        said.push_back(
            Message(LAB_TEXT("codes", "Of the other lengths %1 does best: %2.")).arg(best->length).arg(percent(best->exact.share())));
    if (refused) said.push_back(Message(LAB_TEXT("codes", "Length %1 cannot be tried: %2.")).arg(refused->length).arg(refused->cannot));
    return Message::joined(std::move(said));
}

std::vector<Message> orderSentences(const NumberOrder& order) {
    return {sizeSentence(order), localitySentence(order), keptOrderSentence(order), losslessSentence(order)};
}

}  // namespace lab::codes
