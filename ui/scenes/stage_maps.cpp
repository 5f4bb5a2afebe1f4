#include "ui/scenes/stage_maps.h"

#include <QCoreApplication>
#include <algorithm>
#include <utility>

#include "core/analysis/map_difference.h"
#include "core/analysis/shown_weights.h"
#include "core/config/experiment.h"
#include "ui/widgets/format.h"

namespace lab {
namespace {

struct StageMapsWords {
    Q_DECLARE_TR_FUNCTIONS(StageMaps)
};

std::size_t cellsOf(const MapData& data) {
    return static_cast<std::size_t>(data.rows) * static_cast<std::size_t>(data.columns);
}

bool showsShares(const MapsBlock& block, const MapsLook& look) {
    return look.stage == MapStage::weights && block.roles && block.info.shares;
}

std::shared_ptr<const float> shared(std::vector<float> values) {
    const auto kept = std::make_shared<const std::vector<float>>(std::move(values));
    return {kept, kept->data()};
}

/// Words are special as their only token is.
std::vector<bool> ofWords(const std::vector<bool>& tokens, const std::vector<int>& starts) {
    std::vector<bool> words;
    for (const int start : starts) words.push_back(tokens[static_cast<std::size_t>(start)]);
    return words;
}

std::vector<QString> shownNames(const MapsBlock& block, const MapsLook& look, const std::vector<QString>& tokens) {
    if (!joinsWords(block, look)) return tokens;
    std::vector<QString> words;
    for (std::size_t token = 0; token < tokens.size(); ++token) {
        const QString& piece = tokens[token];
        const auto word = static_cast<std::size_t>(wordOf(block.roles->wordStarts, static_cast<int>(token)));
        if (word == words.size())
            words.push_back(piece);
        else
            words[word] += piece.startsWith(QStringLiteral("##")) ? piece.mid(2) : piece;
    }
    return words;
}

/// Weights as the look wants to see them.
void adapt(MapData& data, const MapsBlock& block, const MapsLook& look) {
    if (dimsSinks(block, look)) {
        const std::vector<bool> sinks = sinkKeys(block.roles->special, data.columns);
        data.values = shared(withoutSinks(data.values.get(), data.rows, sinks));
        data.faint =
            std::make_shared<const MapFaint>(MapFaint{{}, joinsWords(block, look) ? ofWords(sinks, block.roles->wordStarts) : sinks});
    }
    if (!joinsWords(block, look)) return;
    const std::vector<int>& words = block.roles->wordStarts;
    data.values = shared(joinedWords(data.values.get(), data.allowedScores.get(), data.rows, data.columns, words, words));
    data.allowedScores = data.values;  // a cell of words that see nothing is minus infinity
    data.rows = data.columns = static_cast<int>(words.size());
}

}  // namespace

StageMaps::StageMaps(const MapsScene& scene, const std::shared_ptr<const Trace>& trace, const MapsLook& look) : m_look(look) {
    double largest = 0.0;
    for (const MapsBlock& block : scene.blocks) {
        const auto values = stageValues(trace, block.info, look.stage);
        if (!values) {
            m_maps.clear();
            return;
        }
        std::vector<StageMap> heads;
        for (std::size_t head = 0; head < block.heads.size(); ++head) {
            StageMap map{block.heads[head].weights, {}};
            map.data.values = {values, values.get() + head * cellsOf(map.data)};
            // Before the mask every pair has its score.
            if (look.stage == MapStage::scores) map.data.allowedScores.reset();
            adapt(map.data, block, look);
            const double magnitude = largestMagnitude(map.data.values.get(), cellsOf(map.data));
            map.scaling = stageScaling(look.stage, magnitude, look.stage != MapStage::decay && scene.hasSignedWeights(block));
            largest = std::max(largest, magnitude);
            heads.push_back(std::move(map));
        }
        m_maps.push_back(std::move(heads));
    }
    if (look.perHead) return;
    const bool anySign = look.stage != MapStage::decay && scene.hasSignedWeights();
    const bool shares = (look.stage == MapStage::weights || look.stage == MapStage::exactWeights) && !anySign;
    const ColorScaling common = shares ? ColorScaling{} : stageScaling(look.stage, largest, anySign);
    for (auto& heads : m_maps)
        for (StageMap& map : heads) map.scaling = common;
}

StageMaps StageMaps::only(int block) const {
    StageMaps one;
    one.m_look = m_look;
    one.m_maps.push_back(m_maps[static_cast<std::size_t>(block)]);
    return one;
}

bool dimsSinks(const MapsBlock& block, const MapsLook& look) {
    return look.dimSinks && showsShares(block, look);
}

bool joinsWords(const MapsBlock& block, const MapsLook& look) {
    return look.joinWords && showsShares(block, look);
}

QString lookNote(const MapsBlock& block, const MapsLook& look) {
    const bool dims = dimsSinks(block, look), joins = joinsWords(block, look);
    if (dims && joins) return StageMapsWords::tr("without sinks, rows divided by the rest; words joined");
    if (dims) return StageMapsWords::tr("without sinks, rows divided by the rest");
    return joins ? StageMapsWords::tr("words joined: columns added up, rows averaged") : QString();
}

std::vector<QString> shownRows(const MapsBlock& block, const MapsLook& look) {
    return shownNames(block, look, block.rowTokens);
}

std::vector<QString> shownColumns(const MapsBlock& block, const MapsLook& look) {
    return shownNames(block, look, block.columnTokens);
}

std::vector<int> shownMutedRows(const MapsBlock& block, const MapsLook& look) {
    std::vector<int> rows = block.mutedRows;
    for (int& row : rows) row = shownAt(block, look, row);
    return rows;
}

std::vector<int> shownMutedColumns(const MapsBlock& block, const MapsLook& look) {
    if (dimsSinks(block, look)) return {};
    std::vector<int> columns = block.mutedColumns;
    for (int& column : columns) column = shownAt(block, look, column);
    return columns;
}

int shownAt(const MapsBlock& block, const MapsLook& look, int token) {
    return joinsWords(block, look) && token >= 0 ? wordOf(block.roles->wordStarts, token) : token;
}

int tokenAt(const MapsBlock& block, const MapsLook& look, int shown) {
    if (!joinsWords(block, look) || shown < 0) return shown;
    const std::vector<int>& words = block.roles->wordStarts;
    return std::cmp_less(shown, words.size()) ? words[static_cast<std::size_t>(shown)] : words.back();
}

ColorScaling weightScaling(const MapData& weights, bool anySign) {
    if (!anySign || weights.empty()) return {};
    return stageScaling(MapStage::weights, largestMagnitude(weights.values.get(), cellsOf(weights)), true);
}

bool hasSignedWeights(const Run& run) {
    return !weightsAreShares(run.experiment().model.attention);
}

ColorScaling stageScaling(MapStage stage, double magnitude, bool anySign) {
    const double bound = scaleBound(magnitude);
    if (isSigned(stage) || anySign) return {ColorMap::Kind::balance, -bound, bound};
    return {ColorMap::Kind::trace, 0.0, bound};
}

QString stageChoice(MapStage stage) {
    switch (stage) {
        case MapStage::scores:
            return StageMapsWords::tr("scores");
        case MapStage::maskedScores:
            return StageMapsWords::tr("masked");
        case MapStage::weights:
            return StageMapsWords::tr("weights");
        case MapStage::weightedValues:
            return QStringLiteral("\u00D7 |v|");
        case MapStage::scoreGradient:
            return QStringLiteral("\u2202L/\u2202s");
        case MapStage::exactWeights:
            return StageMapsWords::tr("softmax");
        case MapStage::decay:
            return StageMapsWords::tr("decay");
        case MapStage::weightGradient:
            break;
    }
    return QStringLiteral("\u2202L/\u2202a");
}

QString stageQuantity(MapStage stage) {
    switch (stage) {
        case MapStage::scores:
            return StageMapsWords::tr("score");
        case MapStage::maskedScores:
            return StageMapsWords::tr("masked score");
        case MapStage::weights:
            return StageMapsWords::tr("weight");
        case MapStage::weightedValues:
            return StageMapsWords::tr("weight \u00D7 |v|");
        case MapStage::scoreGradient:
            return StageMapsWords::tr("gradient of the score");
        case MapStage::exactWeights:
            return StageMapsWords::tr("weight of the softmax");
        case MapStage::decay:
            return StageMapsWords::tr("decay");
        case MapStage::weightGradient:
            break;
    }
    return StageMapsWords::tr("gradient of the weight");
}

QString stageSymbol(MapStage stage) {
    switch (stage) {
        case MapStage::scores:
        case MapStage::maskedScores:
            return QStringLiteral("s");
        case MapStage::weights:
            return QStringLiteral("a");
        case MapStage::weightedValues:
            return QStringLiteral("a |v|");
        case MapStage::exactWeights:
        case MapStage::decay:
        case MapStage::scoreGradient:
        case MapStage::weightGradient:
            break;
    }
    return stageChoice(stage);
}

namespace {

/// Without a softmax: products of feature maps, divided by their row's sum. Empty where that makes no difference.
QString linearHelp(MapStage stage) {
    switch (stage) {
        case MapStage::scores:
            return StageMapsWords::tr(
                "s = \u03C6(q) \u00B7 \u03C6(k), \u03C6 = elu + 1, before the mask: no root, no position terms, none below 0");
        case MapStage::maskedScores:
            return StageMapsWords::tr("The scores, hatched where the query may not look: these are left out of the row's sum");
        case MapStage::weights:
            return StageMapsWords::tr(
                "a = s / \u03A3 s over the keys that a row's query may see: every row adds up to 1, or to 0 where it may see no key. "
                "Hatched: left out, not merely zero");
        case MapStage::weightGradient:
            return StageMapsWords::tr(
                "\u2202L/\u2202"
                "a: how the loss would change with a weight, were it free; the row's sum lets only differences within a row through");
        default:
            return {};
    }
}

/// The products themselves.
QString productHelp(MapStage stage) {
    switch (stage) {
        case MapStage::scores:
            return StageMapsWords::tr("s = q \u00B7 k before the mask: no root, no position terms");
        case MapStage::maskedScores:
            return StageMapsWords::tr("The scores, hatched where the query may not look");
        case MapStage::weights:
            return StageMapsWords::tr(
                "a = q \u00B7 k, neither exponentiated nor divided: of any size, blue above 0 and red below. Rows add up to anything. "
                "Hatched: left out, not merely zero");
        case MapStage::weightedValues:
            return StageMapsWords::tr("a |v|: the length of what a key adds to the head's output, with the sign of its weight");
        case MapStage::exactWeights:
        case MapStage::decay:
        case MapStage::scoreGradient:
        case MapStage::weightGradient:
            break;
    }
    return StageMapsWords::tr(
        "\u2202L/\u2202"
        "a: how the loss would change with a weight, which is its score: a step against this gradient lowers the weights that are blue "
        "here (+)");
}

/// Drawn features, where that makes a difference.
QString drawnHelp(MapStage stage) {
    switch (stage) {
        case MapStage::scores:
            return StageMapsWords::tr(
                "s = \u03C6(q) \u00B7 \u03C6(k) of random features, before the mask, none below 0. The largest exponent of each query and "
                "of "
                "the keys is taken out, which changes no weight");
        case MapStage::exactWeights:
            return StageMapsWords::tr(
                "The softmax of q \u00B7 k / \u221A"
                "d\u2095, which the random features stand for: beside it the weights show what their number and their draw cost");
        default:
            return linearHelp(stage);
    }
}

/// Products that fade.
QString fadingHelp(MapStage stage) {
    switch (stage) {
        case MapStage::scores:
            return StageMapsWords::tr(
                "s = q \u00B7 k / \u221A"
                "d\u2095 before mask and decay: how well a query and a key go together");
        case MapStage::maskedScores:
            return StageMapsWords::tr("The scores, hatched where the query may not look");
        case MapStage::weights:
            return StageMapsWords::tr(
                "a = s times the decay: of any size, blue above 0 and red below. Rows add up to anything; the head's output is divided by "
                "its root mean square afterwards");
        case MapStage::weightedValues:
            return StageMapsWords::tr(
                "a |v|: the length of what a key adds to the head's output before that is divided by its root mean square, with the sign "
                "of "
                "its weight");
        case MapStage::decay:
            return StageMapsWords::tr(
                "What is left of a product from key to query: 1 on the diagonal, times what each token in between keeps. Retention has one "
                "number a head for it, gated-linear learns one for each token");
        case MapStage::scoreGradient:
            return StageMapsWords::tr(
                "\u2202L/\u2202s: \u2202L/\u2202"
                "a times the decay");
        case MapStage::exactWeights:
        case MapStage::weightGradient:
            break;
    }
    return StageMapsWords::tr(
        "\u2202L/\u2202"
        "a: how the loss would change with a weight: a step against this gradient lowers the weights that are blue here (+)");
}

QString softmaxHelp(MapStage stage) {
    switch (stage) {
        case MapStage::scores:
            return StageMapsWords::tr(
                "s = q \u00B7 k / \u221A"
                "d\u2095 with all position terms, behind a cap where there is one, before the mask: how well a query and a key go "
                "together");
        case MapStage::maskedScores:
            return StageMapsWords::tr("The scores with \u2212\u221E (hatched) where the query may not look: what the softmax gets");
        case MapStage::weights:
            return StageMapsWords::tr(
                "a = softmax over the keys of a row: every row adds up to 1, to less where a sink takes a share, or to 0 where it may see "
                "no key. "
                "Hatched: masked, not merely zero");
        case MapStage::weightedValues:
            return StageMapsWords::tr(
                "a |v|: the length of what a key adds to the head's output. A large weight on a short value vector moves little");
        case MapStage::exactWeights:
            return softmaxHelp(MapStage::weights);
        case MapStage::decay:
            return {};
        case MapStage::scoreGradient:
            return StageMapsWords::tr(
                "\u2202L/\u2202s: a step against this gradient lowers the scores that are blue here (+) and raises the red ones (\u2212)");
        case MapStage::weightGradient:
            break;
    }
    return StageMapsWords::tr(
        "\u2202L/\u2202"
        "a: how the loss would change with a weight, were it free; the softmax lets only differences within a row through");
}

/// The difference of two softmax maps, where that makes a difference.
QString differenceHelp(MapStage stage) {
    switch (stage) {
        case MapStage::weights:
            return StageMapsWords::tr(
                "a = A\u2081 \u2212 \u03BB A\u2082: what the second head of a pair looks at is taken away from what the first looks at, "
                "and both "
                "heads mix their values by it. Blue above 0 and red below; every row adds up to 1 \u2212 \u03BB, or to 0 where it may see "
                "no "
                "key. Hatched: masked, not merely zero");
        case MapStage::weightedValues:
            return StageMapsWords::tr(
                "a |v|: the length of what a key adds to the head's output before the pair's is divided by its root mean square, with the "
                "sign "
                "of its weight");
        case MapStage::exactWeights:
            return StageMapsWords::tr(
                "The head's own softmax: A\u2081 in the first head of a pair, A\u2082, of which \u03BB times is subtracted, in the second");
        case MapStage::weightGradient:
            return StageMapsWords::tr(
                "\u2202L/\u2202"
                "a: how the loss would change with a weight by which this head mixes its own values, were it free");
        default:
            return softmaxHelp(stage);
    }
}

}  // namespace

QString stageHelp(MapStage stage, ShownKernels kernels) {
    if (kernels == ShownKernels::difference) return differenceHelp(stage);
    if (kernels == ShownKernels::product) return productHelp(stage);
    if (kernels == ShownKernels::fading) return fadingHelp(stage);
    const bool drawn = kernels == ShownKernels::drawn || kernels == ShownKernels::drawnAndSoftmax;
    const QString linear = kernels == ShownKernels::softmax ? QString() : drawn ? drawnHelp(stage) : linearHelp(stage);
    const QString softmax = softmaxHelp(stage);
    if (linear.isEmpty()) return softmax;
    if (kernels == ShownKernels::linear || kernels == ShownKernels::drawn) return linear;
    return StageMapsWords::tr("In self-attention: %1. In cross-attention: %2").arg(linear, softmax);
}

QString stageSubject(MapStage stage) {
    switch (stage) {
        case MapStage::scores:
            return StageMapsWords::tr("Attention scores of %1");
        case MapStage::maskedScores:
            return StageMapsWords::tr("Masked attention scores of %1");
        case MapStage::weights:
            return StageMapsWords::tr("Attention weights of %1");
        case MapStage::weightedValues:
            return StageMapsWords::tr("Attention weights times value length of %1");
        case MapStage::scoreGradient:
            return StageMapsWords::tr("Gradient of the loss with respect to the scores of %1");
        case MapStage::exactWeights:
            return StageMapsWords::tr("Attention weights of %1 as a softmax would have them");
        case MapStage::decay:
            return StageMapsWords::tr("Decay of the attention of %1");
        case MapStage::weightGradient:
            break;
    }
    return StageMapsWords::tr("Gradient of the loss with respect to the weights of %1");
}

QString stageNumber(MapStage stage, double value) {
    if (stage == MapStage::weights || stage == MapStage::exactWeights) return fixed(value, 4);
    return value == 0.0 ? QStringLiteral("0") : significant(value, 4);
}

HeadDifference headDifference(MapStage stage, const StageMap& before, const StageMap& after) {
    HeadDifference result{before, after, {}};
    const ColorScaling& wider = before.scaling.high >= after.scaling.high ? before.scaling : after.scaling;
    result.before.scaling = result.after.scaling = wider;
    const MapData& a = before.data;
    const MapData& b = after.data;
    if (a.empty() || a.rows != b.rows || a.columns != b.columns) return result;
    auto values = std::make_shared<std::vector<float>>(
        mapDifference(a.values.get(), a.allowedScores.get(), b.values.get(), b.allowedScores.get(), cellsOf(a)));
    result.change.data.rows = a.rows;
    result.change.data.columns = a.columns;
    result.change.data.values = {values, values->data()};
    const double bound = scaleBound(largestMagnitude(values->data(), values->size()));
    result.change.scaling = {ColorMap::Kind::balance, -bound, bound};
    if (stage == MapStage::weights && largestMagnitude(values->data(), values->size()) == 0.0)
        result.change.scaling = {ColorMap::Kind::balance, -1.0, 1.0};
    return result;
}

}  // namespace lab
