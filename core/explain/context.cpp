#include "core/explain/context.h"

#include <algorithm>
#include <cassert>
#include <cctype>
#include <cmath>
#include <numeric>
#include <sstream>
#include <utility>

#include "core/base/number_text.h"
#include "core/config/layer_config.h"
#include "core/layers/attention/decay.h"
#include "core/layers/position/alibi.h"
#include "core/layers/position/rope.h"
#include "core/model/block_keys.h"
#include "core/tensor/batch.h"

namespace lab::explain {

bool Context::is(std::string_view wanted) const {
    std::istringstream words{std::string(wanted)};
    for (std::string word; words >> word;)
        if (word.front() == '!' ? traits.contains(word.substr(1)) : !traits.contains(word)) return false;
    return true;
}

namespace {

constexpr const char* readingSide = "bottleneck";

}  // namespace

bool Context::reads() const {
    return block.side == readingSide;
}

int Context::tokenReadBy(int ofHead, int slot) const {
    constexpr double alike = 1e-4;  // of those with as good as the largest weight the first: a twin finds the same
    const NumberView read = numbers.at(name(".weights"));
    double largest = 0.0;
    for (int j = 0; j < read.extent(2); ++j) largest = std::max(largest, read(ofHead, slot, j));
    int token = 0;
    while (read(ofHead, slot, token) < largest - alike) ++token;
    return token;
}

int Context::targetAt(int position) const {
    const std::vector<int>& targets = question.input.targets;
    return static_cast<std::size_t>(position) < targets.size() ? targets[static_cast<std::size_t>(position)] : -1;
}

int Context::layersOfSide() const {
    return is("two decoder") ? *config().num_decoder_layers : config().num_layers;
}

int Context::lastReader() const {
    int last = block.layer;
    for (const AttentionBlock& other : model->attentionBlocks())
        if (other.keyOwner == block.keyOwner) last = std::max(last, other.layer);
    return last;
}

/// What is put in a choice's place counts as the nearest expert.
std::vector<int> Context::expertsOf(int row) const {
    const NumberView chosen = numbers.at(layer + ".feed_forward.experts");
    std::vector<int> found;
    for (int n = 0; n < chosen.extent(1); ++n)
        found.push_back(static_cast<int>(std::clamp(std::round(chosen(row, n)), 0.0, config().feed_forward.experts - 1.0)));
    return found;
}

int Context::stepsOf(int row) const {
    return static_cast<int>(std::lround(numbers.at(block.side + ".steps")[row]));
}

int Context::expertRows() const {
    return numbers.at(layer + ".feed_forward.experts").extent(0);
}

std::vector<int> distinct(const std::vector<int>& numbers) {
    std::vector<int> once;
    for (const int number : numbers)
        if (std::ranges::find(once, number) == once.end()) once.push_back(number);
    return once;
}

int Context::blockOf(const std::string& blockName) const {
    const auto& blocks = model->attentionBlocks();
    return static_cast<int>(std::ranges::find(blocks, blockName, &AttentionBlock::name) - blocks.begin());
}

double Context::goal(int position, int output) const {
    const int outputs = *config().num_classes;
    return static_cast<double>(
        question.input.values[static_cast<std::size_t>(position) * static_cast<std::size_t>(outputs) + static_cast<std::size_t>(output)]);
}

ParameterView Context::parameter(const std::string& parameterName) const {
    const Parameter* p = model ? model->layout().find(parameterName) : nullptr;
    if (!p) return {};
    return {lab::at(*weights, *p), p->shape.front(), p->shape.size() > 1 ? p->shape.back() : 1};
}

std::string Context::sumOfSteps(const std::string& gradient) const {
    constexpr std::string_view prefix = "gradient.";
    if (!gradient.starts_with(prefix) || !is("sameWeights")) return {};
    const Parameter* p = model->layout().find(gradient.substr(prefix.size()));
    return p && p->shared ? "gradient." + p->name : std::string();
}

std::string Context::gradientOf(const std::string& parameterName) const {
    return "gradient." + model->layout().find(parameterName)->name;
}

bool Context::setByHand(const std::string& tensorName) const {
    return std::ranges::any_of(question.input.interventions,
                               [&](const Intervention& i) { return i.kind == Intervention::Kind::replace && i.name == tensorName; });
}

bool Context::headIs(Intervention::Kind kind, int ofHead) const {
    return std::ranges::any_of(question.input.interventions,
                               [&](const Intervention& i) { return i.kind == kind && i.name == block.name && i.head == ofHead; });
}

bool Context::masked(int ofHead, int i, int j) const {
    return std::isinf(numbers.at(name(".masked_scores"))(ofHead, i, j));
}

bool Context::maskHides(int ofHead, int i, int j) const {
    if (!masked(ofHead, i, j)) return false;
    return !is("spans") || !std::isinf(numbers.at(name(".scores"))(ofHead, i, j)) || isPadding(j) ||
           !block.visibility.mayAttend(i, j, keys);
}

bool Context::isPadding(int j) const {
    const std::vector<bool>& padding = question.input.masked;
    const bool ofKeys = keysOf(block, !question.input.targetTokens.empty()) == KeysOf::source;
    return ofKeys && static_cast<std::size_t>(j) < padding.size() && padding[static_cast<std::size_t>(j)];
}

bool Context::hasPadding() const {
    for (int j = 0; j < keys; ++j)
        if (isPadding(j)) return true;
    return false;
}

std::vector<int> Context::litKeys() const {
    constexpr std::size_t most = 3;
    const NumberView a = numbers.at(name(".weights"));
    const auto size = [&](int j) { return std::abs(a(head, query, j)); };
    std::vector<int> lit(static_cast<std::size_t>(keys));
    std::iota(lit.begin(), lit.end(), 0);
    std::ranges::stable_sort(lit, std::greater<>(), size);
    lit.resize(std::min(lit.size(), most));
    std::erase_if(lit, [&](int j) { return size(j) == 0.0; });
    return lit;
}

int Context::mostWeighty() const {
    const std::vector<int> lit = litKeys();
    return lit.empty() ? 0 : lit.front();
}

std::vector<int> Context::tiedKeys() const {
    if (is("bends")) return {};  // of which there are no weights
    const NumberView a = numbers.at(name(".weights"));
    std::vector<int> first;
    for (int j = 0; j < keys; ++j) {
        if (!first.empty() && a(head, query, j) < a(head, query, first.front())) continue;
        if (!first.empty() && a(head, query, j) > a(head, query, first.front())) first.clear();
        first.push_back(j);
    }
    const bool tie = first.size() > 1 && a(head, query, first.front()) != 0.0;
    return tie ? first : std::vector<int>();
}

namespace {

/// More rows than these are no picture of a mask any more.
constexpr int mostQueriesDrawn = 64;

/// Without norms a row goes on as it is, whatever their place would be.
bool normsFirst(const ModelConfig& config) {
    return config.norm.placement == NormPlacement::pre && specOf(config.norm.kind).normalises;
}

void setInputs(Context& c) {
    if (c.reads()) {
        c.layer = c.block.side;
        c.sublayers = {"attention"};
        c.queryInput = "bottleneck.queries";
        c.keyInput = encoderEnd(c.config());
        return;
    }
    const bool pre = normsFirst(c.config()), two = c.config().architecture == Architecture::encoder_decoder;
    const bool decoder = c.block.side == "decoder";
    c.layer = c.block.side + "." + text(c.block.layer);
    c.sublayers = {"attention"};
    if (decoder && two) c.sublayers.push_back("cross_attention");
    if (c.config().hasFeedForward()) c.sublayers.push_back("feed_forward");
    c.sublayer = c.block.cross ? 1 : 0;
    c.queryInput = c.block.cross        ? c.part(0, "_norm")
                   : c.block.layer == 0 ? (decoder && two ? "target_embedding" : "embedding")
                                        : c.block.side + "." + text(c.block.layer - 1) + ".residual";
    if (pre) c.queryInput = c.name("_norm");
    // Where a norm would stand first but there is none, no tensor holds what the self-attention left.
    if (!pre && c.block.cross && c.config().norm.placement == NormPlacement::pre) c.queryInput.clear();
    c.keyInput = c.queryInput;
    if (c.block.cross) c.keyInput = c.block.slotCount > 0 ? "bottleneck.memory" : encoderEnd(c.config());
}

bool seesNothing(const Context& c) {
    for (int j = 0; j < c.keys; ++j)
        if (!c.masked(c.head, c.query, j)) return false;
    return true;
}

/// Of vectors, and of where the model is asked.
void describeInput(Context& c) {
    const ModelConfig& config = c.config();
    if (!config.readsVectors()) return;
    c.traits.insert("vectors");
    if (config.class_token) c.traits.insert("classToken");
    const auto row = static_cast<std::size_t>(c.query);
    if (config.class_token && c.question.input.tokens[row] == classToken) c.traits.insert("ofClass");
    if (config.readout != Readout::every) c.traits.insert("asksOne");
}

/// How a bottleneck makes codes of numbers, and whether these cost anything of one sequence alone.
void describeBottleneck(Context& c) {
    const BottleneckConfig& bottleneck = c.config().bottleneck;
    static constexpr std::pair<std::string_view, const char*> rules[] = {
        {"fsq", "levels"}, {"bits", "signs"}, {"one-hot", "choice"}, {"gumbel", "choice"}, {"vq", "book"}};
    for (const auto& [kind, trait] : rules)
        if (bottleneck.kind.name() == kind) c.traits.insert(trait);
    const BottleneckShape shape = bottleneck.shape();
    if (shape.hasBook || bottleneck.usage > 0) c.traits.insert("codeLosses");
    c.variables["slotCount"] = text(shape.slotCount);
    c.variables["codeCount"] = text(shape.codes);
    c.variables["codeWidth"] = text(shape.width);
    c.variables["codeUnit"] = text(shape.codes / 2);
}

/// That tells whether the block's projections have a bias.
const char* firstProjection(const Context& c) {
    return c.is("latent") ? ".latent" : c.is("borrows") ? ".query" : ".key";
}

/// Of the block's layer: some may stand without. Between two sides no positions enter.
PositionKind positionOf(const Context& c) {
    if (c.block.cross) return PositionKind::none;
    const Side side = c.block.side == nameOf(Side::decoder) ? Side::decoder : Side::encoder;
    return layersOf(c.config(), side)[static_cast<std::size_t>(c.block.layer)].position.kind;
}

/// Traits of the model's form.
void describeModel(Context& c) {
    const ModelConfig& config = c.config();
    const auto has = [&](const char* trait, bool there) {
        if (there) c.traits.insert(trait);
    };
    const PositionKind position = positionOf(c);
    const Activation activation = config.feed_forward.activation;
    const bool cross = c.block.cross, two = config.architecture == Architecture::encoder_decoder, decoder = c.block.side == "decoder";
    const KernelSpec& kernel = specOf(config.attention.kernel.kind);
    has("linear", !cross && kernel.features && !kernel.drawn);
    has("features", !cross && kernel.features);
    has("drawn", !cross && kernel.drawn);
    has("rises", !cross && kernel.drawn && c.block.visibility.causal());  // the largest exponent grows from key to key
    has("product", !cross && kernel.plainProduct());
    has("signed", !cross && !kernel.rowsSumToOne);
    has("rooted", !cross && kernel.scaled);  // products are divided by the root of the head's width
    has("fades", !cross && kernel.decays());
    has("learnsDecay", !cross && kernel.decay == KernelDecay::ofToken);
    const FormSpec& form = specOf(config.attention.form);
    has("kv", !cross && !form.ownQuery);
    has("keyvalue", !cross && !form.ownValue);
    has("latent", !cross && form.latent);
    has("borrows", !cross && c.block.keyOwner != c.block.name);  // keys and values of another layer
    has("lends", !cross && c.lastReader() > c.block.layer);
    if (!cross && config.attention.global_projections) c.globals = std::min(c.block.visibility.globalsApart(), c.queries);
    has("apart", c.globals > 0);
    has("global", c.query < c.globals);
    has("bothKinds", c.globals > 0 && c.globals < c.queries);
    has("map", !cross && form.positionMap);
    has("normed", !cross && config.attention.qk_norm);
    has("skipped", !cross && config.position.skip_every > 0 && position != config.position.kind);
    has("rope", !cross && specOf(position).rotates);
    has("factored", c.is("rope") && ropeFrequencies(config.position.rope, c.headDim, c.queries).scale != 1.0);
    has("unit", !cross && config.attention.unit_keys);
    has("shaped", c.is("normed") || c.is("rope") || c.is("unit"));  // keys, between projection and product
    has("alibi", !cross && specOf(position).biasesScores);
    has("bucketed", !cross && specOf(position).biasTable);
    has("relates", !cross && specOf(position).vectors);
    has("spans", !cross && config.attention.span && kernel.scores);
    has("keeps", c.block.visibility.detaches());  // keys of segments before, as they were made
    has("capped", !cross && config.attention.soft_cap > 0.0);
    has("sinks", !cross && config.attention.sink);
    has("opens", !cross && config.attention.gate);  // a gate behind the heads; "gated" is the feed-forward's
    has("inrows", config.position.kind == PositionKind::sinusoidal || config.position.kind == PositionKind::learned);
    has("cross", cross);
    has("reading", c.reads());
    has("slots", c.block.slotCount > 0);  // which are its keys
    has("coded", config.hasBottleneck());
    if (config.hasBottleneck()) describeBottleneck(c);
    has("causal", c.block.visibility.causal());
    has("pattern", c.block.visibility.hasPattern());
    has("diagonal", c.block.visibility.diagonalMasked());
    has("hashed", c.block.visibility.hashes());
    has("padded", c.hasPadding());
    has("mask", !c.block.visibility.hidesNothing() || c.is("padded"));
    has("tells", config.position.kind == PositionKind::none && c.block.visibility.tellsPlacesApart(c.keys));
    has("blind", seesNothing(c));
    has(normsFirst(config) ? "pre" : "post", !c.reads());  // between encoder and decoder no norm stands
    has("ahead", config.norm.placement == NormPlacement::pre);
    has("bare", !specOf(config.norm.kind).normalises);
    has("rms", !specOf(config.norm.kind).centred && !c.is("bare"));
    has("shift", c.parameter(c.part(0, "_norm.bias")).values);
    has("experts", config.hasExperts() && !c.reads());
    has("several", c.is("experts") && config.feed_forward.top_k > 1);
    has("balanced", c.is("experts") && config.feed_forward.balance > 0.0);
    has("gated", specOf(activation).gated);
    has("relu", activation == Activation::relu);
    has("gelu", activation == Activation::gelu);
    has("tanh", activation == Activation::gelu_tanh);
    has("quick", activation == Activation::quick_gelu);
    has("squared", activation == Activation::relu_squared);
    has("parallel", specOf(config.residual).parallel);
    describeEnds(c);
    has("two", two);
    has("decoder", decoder);
    has("answers", decoder || !two);
    has("feeds", config.hasFeedForward());
    has("numbers", config.answersNumbers());
    has("tied", config.output.tied);
    has("sameWeights", specOf(config.depth.kind).tied && c.layersOfSide() > 1);  // as the other steps
    has("halts", specOf(config.depth.kind).halts && !c.reads());
    has("halted", c.is("halts") && c.stepsOf(c.query) <= c.block.layer);
    has("loss", c.numbers.has("loss") && !c.is("noHead"));
    const AnswerCost& cost = c.question.answerCost;
    has("smoothed", cost.label_smoothing > 0.0 && !c.is("numbers"));
    has("zloss", cost.z_loss > 0.0 && !c.is("numbers"));
    c.variables["smoothing"] = numberText(cost.label_smoothing);
    c.variables["zloss"] = numberText(cost.z_loss);
    has("first", c.block.layer == 0 && !cross);
    has("last", c.block.layer == c.layersOfSide() - 1);
    has("embedded", c.queryInput.ends_with("embedding"));
    has("set", c.setByHand(c.queryInput));
    const bool sumSet = two && c.setByHand("embedding.sum");  // of both sides: no tensor has them both
    has("tokens", c.is("first !set") && !sumSet && !c.setByHand(two && decoder ? "target_embedding" : "embedding"));
    describeInput(c);
    has("bias", c.parameter(c.name(firstProjection(c)) + ".bias").values);
    has("feedBias", c.config().hasFeedForward() && c.parameter(c.layer + ".feed_forward.down.bias").values);
    has("few", c.queries <= mostQueriesDrawn);
    double factor = 0.0;
    const ParameterView map = cross ? ParameterView{} : c.parameter(c.name(".position_map.weight"));
    for (int w = 0; map && w < map.columns; ++w) factor += map(0, w);
    has("negative", factor < 0.0);
    c.variables["mapFactor"] = shownNumber(factor, 3);
}

/// RoPE: "(0, 3), (1, 4), …"
std::string pairsText(const Context& c) {
    const int half = c.headDim / 2;
    const bool interleaved = c.config().position.rope.pairing == RopePairing::interleaved;
    std::string pairs;
    for (int p = 0; p < std::min(half, 2); ++p)
        pairs += (p ? ", (" : "(") + text(interleaved ? 2 * p : p) + ", " + text(interleaved ? 2 * p + 1 : p + half) + ")";
    return pairs + (half > 2 ? ", \u2026" : "");
}

/// RoPE stretched: the factor on cos and sin.
void describeAttentionFactor(Context& c) {
    Variables& v = c.variables;
    const RopeScalingConfig& scaling = c.config().position.rope.scaling;
    const double kappa = ropeFrequencies(c.config().position.rope, c.headDim, c.queries).scale;
    const int trained = scaling.original_max_seq_len.value_or(1);
    v["kappa"] = "\u03BA ";
    v["kappaSquare"] = "\u03BA\u00B2 ";
    v["kappaRule"] = std::string(scaling.kind->attentionFactor);
    v["kappaOf"] = Words(Message(scaling.kind->title));
    v["kappaValue"] = shownNumber(kappa, 4);
    v["kappaSquared"] = shownNumber(kappa * kappa, 4);
    v["stretch"] = shownNumber(scaling.factor.value_or(static_cast<double>(scaling.max_seq_len.value_or(trained)) / trained), 4);
    v["trainedLength"] = text(trained);
}

/// "keys 0, 2 and 5"
Words tiesText(const std::vector<int>& keys) {
    constexpr std::size_t mostNamed = 8;
    if (keys.size() > mostNamed) return Message(LAB_TEXT("explain", "%1 keys share it")).arg(static_cast<int>(keys.size()));
    std::vector<std::string> names;
    for (const int key : keys) names.push_back(text(key));
    return Message(LAB_TEXT("explain", "keys %1 share it")).arg(listed(names));
}

/// What the answer 0 would cost at the positions that are asked.
double lossOfZero(const Context& c) {
    const Input& input = c.question.input;
    double sum = 0.0;
    int counted = 0;
    for (int i = 0; i < static_cast<int>(input.targets.size()); ++i) {
        counted += c.targetAt(i) >= 0;
        for (int r = 0; r < *c.config().num_classes && c.targetAt(i) >= 0; ++r) sum += c.goal(i, r) * c.goal(i, r);
    }
    return counted ? 0.5 * sum / counted / *c.config().num_classes : 0.0;
}

/// Whom the row in hand goes through, and with which gates: "2 (0.613) and 0 (0.387)".
void describeExperts(Context& c) {
    Variables& v = c.variables;
    const FeedForwardConfig& feeds = c.config().feed_forward;
    const NumberView gates = c.numbers.at(c.layer + ".feed_forward.gates");
    const std::vector<int> chosen = c.expertsOf(c.query);
    std::vector<std::string> named;
    for (int n = 0; n < static_cast<int>(chosen.size()); ++n)
        named.push_back(text(chosen[static_cast<std::size_t>(n)]) + " (" + shownNumber(gates(c.query, n), 3) + ")");
    v["chosenExperts"] = listed(named);
    v["expertCount"] = text(feeds.experts);
    v["chosenCount"] = text(feeds.top_k);
    v["balance"] = numberText(feeds.balance);
    v["expertRows"] = text(c.expertRows());
    std::string shares;
    for (const int expert : c.experts) shares += (shares.empty() ? "g_{E " : " + g_{E ") + text(expert) + "} y^{" + text(expert) + "}";
    v["sumOfExperts"] = shares;
}

/// What the tables' symbols and rules are filled with.
void setVariables(Context& c) {
    Variables& v = c.variables;
    const bool kv = c.is("kv"), rope = c.is("rope"), cross = c.block.cross;
    const std::string prime = c.is("normed") || rope ? "\u2032" : "", q = (kv ? "k" : "q") + prime, longKey = "k" + prime;
    const std::string k = c.is("unit") ? "k\u0302" : longKey;
    const auto phi = [&](const std::string& of) { return c.is("features") ? "\u03C6(" + of + ")" : of; };
    v["B"] = c.block.name;
    v["i"] = text(c.query);
    v["j"] = text(c.key);
    v["h"] = text(c.head);
    v["d"] = text(c.d);
    v["D"] = text(c.headDim);
    v["H"] = text(c.block.heads);
    v["lastHead"] = text(c.block.heads - 1);
    v["q"] = "q" + prime;  // as it met the keys
    v["k"] = k;
    v["qk"] = q;  // the same in the scores
    v["Q"] = phi(q);
    v["K"] = phi(k);
    v["phiq"] = phi(q + "_{" + text(c.query) + "}");
    v["phik"] = phi(k + "_{j}");
    const std::string asked = "q" + prime + "_{i}";
    v["phii"] = phi(q + "_{i}");
    v["sent"] = c.is("drawn") ? "\u03A3_{n} \u03C6(" + q + "_{i})_{n} \u03C6(" + k + "_{" + text(c.key) +
                                    "})_{n} (\u03A9_{n} \u2212 k\u0302_{" + text(c.key) + "}) / \u2074\u221Ad_{h}"
                : c.is("linear") ? "\u03C6(" + asked + ") \u03C6\u2032(" + k + "_{" + text(c.key) + "})"
                                 : asked;  // to a key
    v["long"] = longKey;                   // before the division by its length
    v["longLength"] = "|" + longKey + "|";
    v["alongUnit"] = k + " \u00B7 " + v["sent"].english();
    v["uncapped"] = c.is("adds") ? "s\u2032" : "s";
    v["bent"] = c.is("capped") ? "s*" : v["uncapped"];  // as a span meets it
    v["s"] = c.is("spans") ? "s\u2033" : v["bent"];
    v["bentTensor"] = c.block.name + (c.is("spans") ? ".before_span" : ".scores");
    v["scoreTensor"] = c.is("capped") ? Words(c.block.name + ".before_soft_cap") : v["bentTensor"];
    v["biasTable"] = c.block.side + ".0.attention.relative_bias.weight";
    v["throughCap"] = (c.is("spans") ? "\u2202" + v["bent"].english() + " = \u2202s\u2033,  " : "") +
                      (c.is("capped") ? "\u2202" + v["uncapped"].english() + " = \u2202s* (1 \u2212 (s*/cap)\u00B2),  " : "");
    v["viaGate"] = c.is("opens") ? "\u2202o\u2032 = W_{O}^{T} \u2202y,  \u2202o = G \u2202o\u2032" : "\u2202o = W_{O}^{T} \u2202y";
    v["oSum"] = c.is("fades") ? "o\u0303" : "o";  // what weights and values add up to
    v["rawSum"] = c.is("fades") ? "unnormalised_" : "";
    v["throughHeadNorm"] = c.is("fades") ? "\u2202o\u0303 = (\u2202o \u2212 o mean(\u2202o o)) / rms,  " : "";
    v["hat"] = c.is("normed rope") ? "*" : c.is("normed") ? "\u2032" : "";  // between norm and rotation
    const bool global = c.is("global");
    v["kind"] = global ? "global_" : "";
    v["globals"] = text(c.globals);
    v["WQ"] = kv ? "W_{K}" : global ? "W_{Qg}" : "W_{Q}";
    const std::string down = c.is("latent") ? "W_{\u2113}" : "";
    v["WKey"] = global ? "W_{Kg}" : "W_{K}";
    v["WK"] = v["WKey"].english() + down;
    v["WV"] = (c.is("keyvalue") ? "W_{K}" : global ? "W_{Vg}" : "W_{V}") + down;
    v["m"] = cross && !c.reads() ? "m" : "x";
    v["undivided"] = c.is("unit") ? "undivided_" : "";
    v["turned"] = rope ? "unrotated_" : "";
    v["turnedKey"] = rope ? v["turned"] : v["undivided"];
    v["raw"] = c.is("normed") ? "unnormalised_" : v["turned"];
    v["rawKey"] = c.is("normed") ? v["raw"] : v["turnedKey"];
    v["slope"] = shownNumber(c.slope, 4);
    v["decayFactor"] = shownNumber(keptByHead(c.head), 5);
    v["group"] = text(c.head / c.group());
    v["firstOfGroup"] = text(c.head / c.group() * c.group());
    v["lastOfGroup"] = text((c.head / c.group() + 1) * c.group() - 1);
    if (c.is("ties")) v["ties"] = tiesText(c.tiedKeys());
    v["scale"] = c.is("map") ? "\u03A3w/\u221Ad_{h}" : "1/\u221Ad_{h}";
    if (!c.model) return;
    v["F"] = text(c.config().attention.features);
    v["L"] = c.layer;
    v["feedForward"] = c.layer + ".feed_forward";
    v["nth"] = v["ofExpert"] = v["ofStep"] = "";
    if (c.is("sameWeights")) v["ofStep"] = text(c.block.layer);
    v["step"] = c.is("sameWeights") ? "^{(" + text(c.block.layer) + ")}" : std::string();
    v["x"] = c.queryInput;
    v["memory"] = endsInMean(c.config()) && c.keyInput == encoderEnd(c.config()) ? "" : c.keyInput;
    v["below"] = c.block.layer > 0 ? c.block.side + "." + text(c.block.layer - 1) + ".residual"
                                   : (c.is("two decoder") ? "target_embedding" : "embedding");
    v["cap"] = shownNumber(c.config().attention.soft_cap, 3);
    v["longest"] = text(c.config().attention.max_span.value_or(1));
    v["ramp"] = shownNumber(c.config().attention.span_ramp, 3);
    v["spanPenalty"] = numberText(c.config().attention.span_penalty);
    v["buckets"] = text(c.config().position.buckets);
    v["maxDistance"] = text(c.config().position.max_distance);
    if (c.is("sinks")) v["sunk"] = shownNumber(c.numbers.at(c.name(".sunk"))[std::int64_t{c.head} * c.queries + c.query], 3);
    v["layer"] = text(c.block.layer);
    v["keyLayer"] = text(c.block.layer - c.block.layer % c.config().attention.share_kv);
    v["lastReader"] = text(c.lastReader());
    v["layerBelow"] = text(c.block.layer - 1);
    v["answer"] = text(c.answer);
    v["dff"] = text(*c.config().d_ff);
    if (c.is("latent")) {
        v["latentDim"] = text(*c.config().attention.latent_dim);
        v["sharedDim"] = text(c.config().position.rope.dims.value_or(c.headDim));
    }
    if (c.is("halts")) {
        v["stepsTaken"] = text(c.stepsOf(c.query));
        v["stepsAtMost"] = text(c.layersOfSide());
        v["ponder"] = numberText(c.config().depth.ponder);
        v["haltAt"] = numberText(1.0 - c.config().depth.epsilon);
    }
    v["pattern"] = Words(c.block.visibility.summary());
    v["classes"] = text(*c.config().num_classes);
    v["lnClasses"] = shownNumber(std::log(static_cast<double>(*c.config().num_classes)), 3);
    v["N"] = std::to_string(std::ranges::count_if(c.question.input.targets, [](int t) { return t >= 0; }));
    v["l"] = c.is("numbers") ? "\u0177" : "l";
    v["overN"] = c.is("numbers") && *c.config().num_classes > 1 ? "1/(N \u00B7 " + text(*c.config().num_classes) + ")" : "1/N";
    if (c.is("numbers")) v["zeroLoss"] = shownNumber(lossOfZero(c), 3);
    v["inputDim"] = text(c.config().input_dim.value_or(0));
    if (c.is("asksOne")) v["asked"] = text(c.config().readout == Readout::last ? c.queries - 1 : 0);
    const std::string feeds = c.layer + (c.is("experts") ? ".feed_forward.experts.0" : ".feed_forward");  // all alike
    if (c.is("experts")) describeExperts(c);
    for (const auto& [name, of] : {std::pair{"bV", c.name(firstProjection(c))},
                                   {"bO", c.name(".output")},
                                   {"bG", c.name(".gate")},
                                   {"bDecay", c.name(".decay")},
                                   {"bUp", feeds + ".up"},
                                   {"bDown", feeds + ".down"},
                                   {"bHalt", c.block.side + ".halting"},
                                   {"bHidden", std::string("output.hidden")},
                                   {"bU", std::string("output.projection")}})
        v[name] = c.parameter(of + ".bias") ? " + b" : "";
    v["hiddenSum"] = "W x" + v["bHidden"].english();
    setEndVariables(c);
    v["comesFrom"] = c.block.cross
                         ? Words(LAB_TEXT("explain", "what this layer's self-attention left on the residual stream"))
                         : Words(Message(LAB_TEXT("explain", "what layer %1 left on the residual stream")).arg(c.block.layer - 1));
    v["pairs"] = rope ? pairsText(c) : "";
    v["kappa"] = v["kappaSquare"] = "";
    if (c.is("factored")) describeAttentionFactor(c);
}

}  // namespace

void describe(Context& c) {
    if (c.model) {
        c.traits.insert({"model", "scores"});
        describeModel(c);
        c.answer = c.is("answers") ? c.query : std::min(c.query, c.numbers.at("logits").extent(0) - 1);
        if (specOf(c.config().attention.kernel.kind).scores || c.block.cross) c.traits.insert("softmax");
        if (c.is("softmax map") || c.is("softmax alibi") || c.is("softmax bucketed") || c.is("softmax relates")) c.traits.insert("adds");
    }
    if (c.is("softmax")) c.traits.insert("rooted");
    if (c.is("scores softmax") || c.is("features")) c.traits.insert("shares");
    if (c.is("features") || c.is("signed")) c.traits.insert("factor");  // the mask is a factor of 0 or 1
    if (c.block.heads == 1) c.traits.insert("single");
    if (c.block.heads == 2) c.traits.insert("pair");
    if (c.group() > 1) c.traits.insert("grouped");
    for (int j = 0; !c.model && c.is("scores") && j < c.keys; ++j)
        if (c.masked(0, c.query, j)) c.traits.insert("mask");
    if (c.model && c.headIs(Intervention::Kind::headUniform, c.head)) c.traits.insert("even");
    if (!c.is("even") && !c.tiedKeys().empty()) c.traits.insert("ties");
    for (int h = 0; c.model && h < c.block.heads; ++h)
        if (c.headIs(Intervention::Kind::headOff, h) || c.sumSetByHand()) c.traits.insert("cut");
    const std::string global = c.is("global") ? ".global_" : ".";
    for (const auto& [trait, tensor] : {std::pair<const char*, std::string>{"weightsSet", ".weights"},
                                        {"scoresSet", ".scores"},
                                        {"querySet", global + "query"},
                                        {"keySet", c.is("unit") ? ".undivided_key" : global + "key"},
                                        {"unitSet", c.is("unit") ? ".key" : ""}})
        if (c.model && c.setByHand(c.name(tensor))) c.traits.insert(trait);
    setVariables(c);
}

bool endsInMean(const ModelConfig& config) {
    return specOf(config.depth.kind).halts && !normsFirst(config);
}

std::string encoderEnd(const ModelConfig& config) {
    return normsFirst(config) ? "encoder_norm" : "encoder." + text(config.num_layers - 1) + ".residual";
}

namespace {

/// What follows from the block and the question.
void complete(Context& c) {
    c.head = c.question.head;
    c.query = c.question.query;
    c.key = c.question.key;
    const NumberView w = c.numbers.at(c.name(".weights"));
    c.queries = w.extent(1);
    c.keys = w.extent(2);
    assert(c.head < c.block.heads && c.query < c.queries && c.key < c.keys);
    c.headDim = c.config().headDim();
    c.d = c.config().d_model;
    if (!c.block.cross && positionOf(c) == PositionKind::alibi) c.slope = alibiSlopes(c.block.heads)[static_cast<std::size_t>(c.head)];
    setInputs(c);
    if (c.config().hasExperts() && !c.reads()) c.experts = distinct(c.expertsOf(c.query));
    describe(c);
}

void addTraits(Context& c, const char* traits) {
    std::istringstream words{std::string(traits)};
    for (std::string one; words >> one;) c.traits.insert(one);
}

AttentionBlock readingOf(const ModelConfig& config) {
    AttentionBlock block;
    block.name = "bottleneck.attention";
    block.side = readingSide;
    block.heads = config.num_heads;
    block.kvHeads = *config.num_kv_heads;
    block.cross = true;
    return block;
}

}  // namespace

std::shared_ptr<Context> contextOf(std::shared_ptr<const Model> model, std::shared_ptr<const Weights> weights, const NumberSource& numbers,
                                   const Question& question) {
    auto context = std::make_shared<Context>();
    context->model = std::move(model);
    context->weights = std::move(weights);
    context->numbers = numbers;
    context->question = question;
    context->block = context->model->attentionBlocks()[static_cast<std::size_t>(question.block)];
    complete(*context);
    return context;
}

ContextPtr contextOfReading(const Context& c, int slot, int token, const char* traits) {
    auto context = std::make_shared<Context>();
    context->model = c.model;
    context->weights = c.weights;
    context->numbers = c.numbers;
    context->block = readingOf(c.config());
    context->question = c.question;
    Question& question = context->question;
    if (c.block.slotCount == 0) question.block = c.blockOf("decoder.0.cross_attention");
    question.head = std::min(c.head, context->block.heads - 1);
    question.query = slot;
    question.key = token >= 0 ? token : context->tokenReadBy(question.head, slot);
    question.queryTokens = question.slotNames;
    question.keyTokens = question.sourceTokens;
    complete(*context);
    addTraits(*context, traits);
    return context;
}

ContextPtr contextOfBlock(const Context& c, const std::string& block, int query, int key, const char* trait) {
    Question question = c.question;
    question.block = c.blockOf(block);
    question.head = 0;
    question.query = query;
    question.key = key;
    if (c.is("two")) {
        const AttentionBlock& to = c.model->attentionBlocks()[static_cast<std::size_t>(question.block)];
        const KeysOf keys = keysOf(to, true);
        question.queryTokens = queriesAreTargets(to, true) ? question.targetTokens : question.sourceTokens;
        question.keyTokens = keys == KeysOf::bottleneck ? question.slotNames
                             : keys == KeysOf::target   ? question.targetTokens
                                                        : question.sourceTokens;
    }
    const auto other = contextOf(c.model, c.weights, c.numbers, question);
    if (keysOf(other->block, c.is("two")) != keysOf(c.block, c.is("two"))) other->traits.insert("otherKeys");
    addTraits(*other, trait);
    return other;
}

ContextPtr contextOfLayer(const Context& c, int layer) {
    Question question = c.question;
    question.block = c.blockOf(c.block.side + "." + text(layer) + "." + c.sublayers[static_cast<std::size_t>(c.sublayer)]);
    const auto other = contextOf(c.model, c.weights, c.numbers, question);
    other->experts = c.experts;
    return other;
}

}  // namespace lab::explain
