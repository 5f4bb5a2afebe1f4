#include "core/codes/coder.h"

#include <algorithm>
#include <cassert>
#include <numeric>

#include "core/base/errors.h"
#include "core/model/network.h"
#include "core/training/batch_cut.h"

namespace lab::codes {
namespace {

using Group = std::span<const std::size_t>;  ///< indices of what is computed together

/// Runs `work(group, length, goesOn)` on groups of what has the same length, of about a shard's positions: a result then depends on no
/// other sequence, as it would where positions are turned by the length. False when the watch wants no more, which `work` may ask meanwhile
/// by goesOn().
template <class Work>
bool inGroups(const std::vector<int>& lengths, int positionsEach, const Watch& watch, const Work& work) {
    std::vector<std::size_t> order(lengths.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return lengths[i]; });
    for (std::size_t begin = 0; begin < order.size();) {
        const int length = lengths[order[begin]];
        const auto most = static_cast<std::size_t>(shardSequences(length * positionsEach));
        std::size_t end = begin;
        while (end < order.size() && end - begin < most && lengths[order[end]] == length) ++end;
        const auto goesOn = [&](std::size_t done) {
            return !watch || watch(static_cast<double>(done) / static_cast<double>(order.size()));
        };
        work(Group(order).subspan(begin, end - begin), length, [&] { return goesOn(begin); });
        begin = end;
        if (!goesOn(begin)) return false;
    }
    return true;
}

void checkLength(const ModelConfig& config, int length) {
    if (config.isBounded() && length > *config.max_seq_len)
        throw InputError(
            Message(LAB_PLURAL("codes",
                               "A sequence of %n token(s) cannot be coded or decoded: the model has positions for %1 (model.max_seq_len)."))
                .count(length)
                .arg(*config.max_seq_len));
}

void checkToken(const ModelConfig& config, int token) {
    if (token < 0 || token >= *config.vocab_size)
        throw InputError(
            Message(LAB_TEXT("codes", "Token %1 of a sequence is not in the vocabulary 0 .. %2.")).arg(token).arg(*config.vocab_size - 1));
}

void checkSequence(const ModelConfig& config, const Symbols& sequence) {
    if (sequence.empty()) throw InputError(LAB_TEXT("codes", "An empty sequence has no code."));
    for (const int token : sequence) checkToken(config, token);
    checkLength(config, static_cast<int>(sequence.size()));
}

std::vector<int> checkedLengths(const ModelConfig& config, std::span<const Symbols> sequences) {
    std::vector<int> lengths;
    for (const Symbols& sequence : sequences) {
        checkSequence(config, sequence);
        lengths.push_back(static_cast<int>(sequence.size()));
    }
    return lengths;
}

std::vector<int> checkedLengths(const ModelConfig& config, std::span<const Opening> openings) {
    std::vector<int> lengths;
    for (const Opening& opening : openings) {
        assert(opening.length >= 0);
        checkToken(config, opening.first);
        checkLength(config, opening.length);
        lengths.push_back(opening.length);
    }
    return lengths;
}

Batch batchOf(std::span<const Symbols> sequences, Group group) {
    std::vector<Sample> samples;
    for (const std::size_t i : group) samples.push_back({sequences[i], {}, {}});
    return makeBatch(samples);
}

/// What codes are being written into, all of the same length.
class Writing {
public:
    Writing(const Network& network, Group group, std::span<const Code> codes, std::span<const Opening> openings,
            std::vector<Symbols>& results)
        : m_network(network), m_codes(codes), m_openings(openings), m_results(results), m_active(group.begin(), group.end()) {}

    bool isOver() const { return m_active.empty(); }
    /// The token at position `at`, of all that go on.
    void write(Pass<float>& pass, int at, int vocabulary);

private:
    const Network& m_network;
    std::span<const Code> m_codes;
    std::span<const Opening> m_openings;
    std::vector<Symbols>& m_results;
    std::vector<std::size_t> m_active;
};

void Writing::write(Pass<float>& pass, int at, int vocabulary) {
    const int length = at + 1;
    std::vector<int> tokens, codes;
    for (const std::size_t i : m_active) {
        tokens.push_back(m_openings[i].first);
        tokens.insert(tokens.end(), m_results[i].begin(), m_results[i].begin() + at);
        codes.insert(codes.end(), m_codes[i].begin(), m_codes[i].end());
    }
    const std::vector<int> lengths(m_active.size(), length);
    BatchView view;
    view.target = {static_cast<int>(m_active.size()), length, lengths.data()};
    view.targetTokens = tokens.data();
    const float* logits = m_network.logitsOfCodes(pass, view, codes.data());
    std::vector<std::size_t> goOn;
    for (std::size_t s = 0; s < m_active.size(); ++s) {
        const float* row = logits + (static_cast<std::ptrdiff_t>(s) * length + at) * m_network.logitStride();
        const auto token = static_cast<int>(std::max_element(row, row + m_network.classes()) - row);
        m_results[m_active[s]][static_cast<std::size_t>(at)] = token;
        if (token < vocabulary) goOn.push_back(m_active[s]);
    }
    m_active = std::move(goOn);
}

}  // namespace

Opening openingOf(const Sample& sample) {
    assert(!sample.targetTokens.empty());
    return {sample.targetTokens.front(), static_cast<int>(sample.targetTokens.size())};
}

void requireBottleneck(const ModelConfig& config) {
    if (!config.hasBottleneck())
        throw InputError("model.bottleneck.kind",
                         LAB_TEXT("codes",
                                  "this model has no bottleneck, so that its sequences have no codes; train an encoder-decoder with "
                                  "model.bottleneck.kind vq or fsq"));
}

Coder::Coder(std::shared_ptr<const Model> model, Weights weights) : m_model(std::move(model)), m_weights(std::move(weights)) {
    requireBottleneck(m_model->config());
    assert(m_weights.size() == m_model->layout().flatSize());
    m_transposed = m_model->transposedCopy(m_weights);
}

const BottleneckShape& Coder::shape() const {
    return m_model->network().bottleneck()->shape();
}

void Coder::check(const Symbols& sequence) const {
    checkSequence(m_model->config(), sequence);
}

std::optional<std::vector<Code>> Coder::codesOf(std::span<const Symbols> sequences, const Watch& watch) const {
    const std::vector<int> lengths = checkedLengths(m_model->config(), sequences);
    std::vector<Code> codes(sequences.size());
    Scratch scratch;
    const bool whole = inGroups(lengths, 1, watch, [&](Group group, int, const auto&) {
        const Batch batch = batchOf(sequences, group);
        scratch.arena.reset();
        Pass<float> pass{kernels<float>(), m_weights.data(), m_transposed.data(), nullptr, scratch};
        const std::vector<int> all = m_model->network().codes(pass, viewOf(batch, 0, batch.sequences));
        auto next = all.begin();
        for (const std::size_t i : group) {
            codes[i].assign(next, next + shape().slotCount);
            next += shape().slotCount;
        }
    });
    return whole ? std::optional(std::move(codes)) : std::nullopt;
}

Code Coder::codeOf(const Symbols& sequence) const {
    return codesOf(std::span(&sequence, 1))->front();
}

std::optional<std::vector<Symbols>> Coder::decoded(std::span<const Code> codes, std::span<const Opening> openings,
                                                   const Watch& watch) const {
    assert(codes.size() == openings.size());
    const ModelConfig& config = m_model->config();
    const std::vector<int> lengths = checkedLengths(config, openings);
    std::vector<Symbols> results;
    for (const int length : lengths) results.emplace_back(static_cast<std::size_t>(length), -1);
    Scratch scratch;
    const bool whole = inGroups(lengths, 1, watch, [&](Group group, int length, const auto& goesOn) {
        Writing writing(m_model->network(), group, codes, openings, results);
        for (int at = 0; at < length && !writing.isOver() && goesOn(); ++at) {
            scratch.arena.reset();
            Pass<float> pass{kernels<float>(), m_weights.data(), m_transposed.data(), nullptr, scratch};
            writing.write(pass, at, *config.vocab_size);
        }
    });
    return whole ? std::optional(std::move(results)) : std::nullopt;
}

Symbols Coder::decoded(const Code& code, const Opening& opening) const {
    return decoded(std::span(&code, 1), std::span(&opening, 1))->front();
}

std::vector<float> Coder::sentFor(const Code& code) const {
    const Parameter* book = m_model->layout().find("bottleneck.book");
    const SlotView<float> slot{shape().codes, shape().width, 1, book ? at(m_weights, *book) : nullptr};
    std::vector<float> sent(code.size() * static_cast<std::size_t>(shape().width));
    float* next = sent.data();
    for (const int c : code) {
        m_model->config().bottleneck.kind->rule<float>().numbersOf(slot, c, next);
        next += shape().width;
    }
    return sent;
}

std::optional<CodeLosses> Coder::losses(std::span<const Symbols> sequences, const Watch& watch) const {
    const std::vector<int> lengths = checkedLengths(m_model->config(), sequences);
    const Network& network = m_model->network();
    CodeLosses mean;
    Scratch scratch;
    constexpr int sides = 2;  // an answer as long as the sequence counts in training's shards
    const bool whole = inGroups(lengths, sides, watch, [&](Group group, int, const auto&) {
        const Batch batch = batchOf(sequences, group);
        scratch.arena.reset();
        Pass<float> pass{kernels<float>(), m_weights.data(), m_transposed.data(), nullptr, scratch};
        const CodeLosses own = network.codeLosses(pass, viewOf(batch, 0, batch.sequences));
        const double share = static_cast<double>(group.size()) / static_cast<double>(sequences.size());
        mean.commitment += share * own.commitment;
        mean.usage += share * own.usage;
        mean.injectivity += share * own.injectivity;
    });
    return whole ? std::optional(mean) : std::nullopt;
}

}  // namespace lab::codes
