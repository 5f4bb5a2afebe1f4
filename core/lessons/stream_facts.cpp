#include "core/lessons/stream_facts.h"

#include <algorithm>
#include <cmath>

#include "core/base/errors.h"
#include "core/moments/head_choice.h"
#include "core/stream/depth.h"
#include "core/stream/patch_pair.h"

namespace lab {
namespace {

template <class Named>
Named named(const char* key, const std::string& name) {
    if (const auto found = fromName<Named>(name)) return *found;
    throw InputError(key, Message(LAB_TEXT("learn", "there is no %1")).arg(name));
}

}  // namespace

/// Arguments in their order; each is checked as it is taken.
class StreamFacts::Asked {
public:
    Asked(const StreamFacts& facts, const std::vector<Facts::Argument>& arguments) : m_facts(facts), m_arguments(arguments) {}

    bool isOver() const { return m_next == m_arguments.size(); }
    int integer(const char* key) {
        const double* number = std::get_if<double>(&m_arguments[m_next++]);
        if (!number || *number != std::floor(*number) || std::abs(*number) > 1e6)
            throw InputError(key, LAB_TEXT("learn", "expected a whole number"));
        return static_cast<int>(*number);
    }
    std::string word(const char* key) {
        const std::string* text = std::get_if<std::string>(&m_arguments[m_next++]);
        if (!text) throw InputError(key, LAB_TEXT("learn", "expected a word in quotation marks"));
        return *text;
    }
    int position(const char* key = "position") { return placeBelow(key, integer(key), answeringPositions(m_facts.m_input)); }
    int layer() { return integer("layer"); }
    StreamHead head() {
        const int layer = this->layer();
        return m_facts.headOf(layer, integer("head"));
    }
    /// The position whose logit, the class, and what it is taken against.
    LogitQuestion logit() {
        LogitQuestion question;
        question.position = position();
        question.answer = integer("class");
        question.against = LogitQuestion::Against::mean;
        if (isOver()) return question;
        question.against = LogitQuestion::Against::other;
        question.other = integer("other");
        return question;
    }
    Change change(bool intoClean = false) {
        Change change;
        change.intoClean = intoClean;
        change.position = position();
        change.changed = placeBelow("changed", integer("changed"), static_cast<std::int64_t>(m_facts.m_input.tokens.size()));
        change.token = integer("token");
        return change;
    }

private:
    const StreamFacts& m_facts;
    const std::vector<Facts::Argument>& m_arguments;
    std::size_t m_next = 0;
};

StreamFacts::StreamFacts(RunMoment moment, Input input)
    : m_moment(std::move(moment)), m_input(std::move(input)), m_runs(*m_moment.model, *m_moment.weights) {}

StreamFacts::~StreamFacts() = default;

double StreamFacts::value(StreamFunction function, const std::vector<Facts::Argument>& arguments) const {
    using Method = double (StreamFacts::*)(Asked&) const;
    static constexpr std::array<Method, EnumRows<StreamFunction>::rows.size()> methods{
        &StreamFacts::answer,
        &StreamFacts::target,
        &StreamFacts::token,
        &StreamFacts::read,
        &StreamFacts::place,
        &StreamFacts::lens,
        &StreamFacts::decided,
        &StreamFacts::headWrites,
        &StreamFacts::headWritesFrom,
        &StreamFacts::partWrites,
        &StreamFacts::allWrite,
        &StreamFacts::corruptedAnswer,
        &StreamFacts::recoveredAt<PatchPart::stream>,
        &StreamFacts::recoveredAt<PatchPart::attention>,
        &StreamFacts::recoveredAt<PatchPart::feed_forward>,
        &StreamFacts::recoveredHead,
        &StreamFacts::lostHead,
        &StreamFacts::recoveredPath,
        &StreamFacts::composition,
    };
    Asked asked(*this, arguments);
    return (this->*methods[static_cast<std::size_t>(function)])(asked);
}

const StreamStates& StreamFacts::states() const {
    if (!m_states) m_states = streamStates(m_runs, m_input);
    return *m_states;
}

int StreamFacts::likeliest(const std::vector<float>& logits, int position) const {
    const auto classes = static_cast<std::ptrdiff_t>(logits.size()) / answeringPositions(m_input);
    const auto row = logits.begin() + position * classes;
    return static_cast<int>(std::max_element(row, row + classes) - row);
}

const Patching& StreamFacts::patching(const Change& change) const {
    std::unique_ptr<const Patching>& kept = m_patchings[change];
    if (kept) return *kept;
    Input corrupted = m_input;
    corrupted.tokens[static_cast<std::size_t>(change.changed)] = change.token;
    KeepingTap tap(corrupted, [](const std::string&) { return false; });
    const std::vector<float> logits = m_runs.logits(corrupted, tap);
    const PatchQuestion question = pairQuestion(states().logits, logits, states().classes, change.position, false);
    const Input &from = change.intoClean ? corrupted : m_input, &into = change.intoClean ? m_input : corrupted;
    kept = std::make_unique<const Patching>(m_runs, from, into, question);
    return *kept;
}

const Attribution& StreamFacts::taken(const LogitQuestion& question) const {
    if (!m_taken || m_taken->first != question) m_taken.emplace(question, attributionOf(m_runs, m_input, question));
    return m_taken->second;
}

/// Of the side that answers.
StreamHead StreamFacts::headOf(int layer, int head) const {
    const auto [block, of] = chosenHead(*m_moment.model, {blockName(m_moment.model->config(), layer) + ".attention", layer, head});
    return {block, of};
}

double StreamFacts::answer(Asked& asked) const {
    return likeliest(states().logits, asked.position());
}

double StreamFacts::target(Asked& asked) const {
    const auto position = static_cast<std::size_t>(asked.position());
    if (position >= m_input.targets.size() || m_input.targets[position] < 0)
        throw InputError(Message(LAB_TEXT("learn", "nothing is known to be right at position %1")).arg(position));
    return m_input.targets[position];
}

double StreamFacts::token(Asked& asked) const {
    const std::string word = asked.word("word");
    const std::vector<int> ids = m_moment.tokenizer->encode(word);
    if (ids.size() != 1) throw InputError(Message(LAB_TEXT("learn", "'%1' is %2 tokens, not one")).arg(word).arg(ids.size()));
    return ids.front();
}

double StreamFacts::read(Asked& asked) const {
    const std::vector<int>& tokens = m_input.targetTokens.empty() ? m_input.tokens : m_input.targetTokens;
    return tokens[static_cast<std::size_t>(asked.position())];
}

/// Behind the last part of the layer where none is named.
double StreamFacts::place(Asked& asked) const {
    const int layer = asked.layer();
    const bool anyPart = asked.isOver();
    const StreamPart part = anyPart ? StreamPart::embedding : named<StreamPart>("part", asked.word("part"));
    const std::vector<StreamPlace> places = streamPlaces(m_moment.model->config());
    for (int p = static_cast<int>(places.size()) - 1; p >= 0; --p) {
        const StreamPlace& each = places[static_cast<std::size_t>(p)];
        if (each.layer == layer && (anyPart || each.part == part)) return p;
    }
    throw InputError(Message(LAB_TEXT("learn", "there is no such place of layer %1")).arg(layer));
}

double StreamFacts::lens(Asked& asked) const {
    const int place = placeBelow("place", asked.integer("place"), std::ssize(states().places));
    const int position = asked.position();
    const int answer = placeBelow("class", asked.integer("class"), states().classes);
    return lensProbabilities(m_runs, states(), place, position)[static_cast<std::size_t>(answer)];
}

double StreamFacts::decided(Asked& asked) const {
    return decisionOf(m_runs, states(), asked.position()).place;
}

double StreamFacts::headWrites(Asked& asked) const {
    const StreamHead head = asked.head();
    const Attribution& all = taken(asked.logit());
    const AttentionBlock& block = m_moment.model->attentionBlocks()[static_cast<std::size_t>(head.block)];
    double sum = 0;
    for (const AttributionTerm& term : all.terms)
        if (term.kind == TermKind::head && term.layer == block.layer && !term.cross && term.head == head.head) sum += term.value;
    return sum;
}

double StreamFacts::headWritesFrom(Asked& asked) const {
    const int key = asked.position("key");
    const StreamHead head = asked.head();
    LogitQuestion question = asked.logit();
    question.split = {head.block, head.head};
    double sum = 0;
    for (const AttributionTerm& term : taken(question).terms)
        if (term.source == key) sum += term.value;
    return sum;
}

double StreamFacts::partWrites(Asked& asked) const {
    const auto kind = named<TermKind>("part", asked.word("part"));
    const int layer = asked.layer();
    double sum = 0;
    for (const AttributionTerm& term : taken(asked.logit()).terms)
        if (term.kind == kind && term.layer == layer) sum += term.value;
    return sum;
}

double StreamFacts::allWrite(Asked& asked) const {
    return taken(asked.logit()).sum;
}

double StreamFacts::corruptedAnswer(Asked& asked) const {
    const Change change = asked.change();
    return likeliest(patching(change).corruptedLogits(), change.position);
}

template <PatchPart part>
double StreamFacts::recoveredAt(Asked& asked) const {
    const int layer = asked.layer();
    const int at = asked.position("at");
    const PatchGrid grid = patchGrid(*m_moment.model, part, m_input);
    const std::string side(nameOf(answeringSide(m_moment.model->config())));
    for (std::size_t row = 0; row < grid.rows.size(); ++row)
        if (grid.rows[row].layer == layer && grid.rows[row].side == side)
            return patching(asked.change()).recovered({grid.at(static_cast<int>(row), at)});
    throw InputError(Message(LAB_TEXT("learn", "there is no such place of layer %1")).arg(layer));
}

double StreamFacts::recoveredHead(Asked& asked) const {
    const StreamHead head = asked.head();
    return patching(asked.change()).recovered({patchGrid(*m_moment.model, PatchPart::head, m_input).at(head.block, head.head)});
}

double StreamFacts::lostHead(Asked& asked) const {
    const StreamHead head = asked.head();
    return patching(asked.change(true)).recovered({patchGrid(*m_moment.model, PatchPart::head, m_input).at(head.block, head.head)});
}

double StreamFacts::recoveredPath(Asked& asked) const {
    const StreamHead from = asked.head(), to = asked.head();
    const auto end = named<PathEnd>("end", asked.word("end"));
    return patching(asked.change()).recoveredByPath(from, to, end);
}

double StreamFacts::composition(Asked& asked) const {
    const StreamHead first = asked.head(), second = asked.head();
    const auto end = named<PathEnd>("end", asked.word("end"));
    const auto blocks = std::pair(first.block, second.block);
    if (!m_graphs.contains(blocks)) m_graphs.emplace(blocks, circuitGraph(m_runs, {first.block, second.block}));
    return m_graphs.at(blocks).value(second.head, first.head, end, true);
}

}  // namespace lab
