#include "core/stream/patching.h"

#include <algorithm>
#include <cmath>

#include "core/base/errors.h"
#include "core/model/network.h"
#include "core/ops/softmax_row.h"

namespace lab {
namespace {

constexpr double leastDifference = 1e-6;

bool isPatchable(const std::string& name) {
    for (const char* end : {"embedding", ".residual", ".output", ".head_output", ".weights", ".value"})
        if (name.ends_with(end)) return true;
    return false;
}

/// What the residual connections carry past when a path alone is open.
bool isFrozenByPath(const std::string& name) {
    return name.ends_with(".head_output") || name.ends_with(".feed_forward.output") || name.ends_with(".mixing.output");
}

/// Rows [first, first + count) of `width` numbers of both.
void copyRows(const std::vector<float>& from, float* to, std::int64_t first, std::int64_t count, std::int64_t width) {
    std::copy_n(from.begin() + first * width, count * width, to + first * width);
}

/// Puts a site's numbers, as they are in `from`, in place of `values`.
void patch(const PatchSite& site, int heads, const Tensor& from, float* values) {
    const bool byHead = from.shape.size() == 3;
    const std::int64_t groups = byHead ? from.extent(0) : 1, rows = from.extent(byHead ? 1 : 0), width = from.shape.back();
    for (std::int64_t g = 0; g < groups; ++g) {
        if (byHead && site.head >= 0 && site.head * groups / heads != g) continue;
        if (site.position < 0)
            copyRows(from.values, values, g * rows, rows, width);
        else if (site.position < rows)
            copyRows(from.values, values, g * rows + site.position, 1, width);
    }
}

/// "decoder.3.attention.head_output": 3; of the embeddings 0.
int blockOf(const std::string& tensor) {
    const std::size_t point = tensor.find('.');
    return point == tensor.npos ? 0 : std::stoi(tensor.substr(point + 1));
}

std::vector<std::string> tensorsOf(const std::vector<PatchSite>& sites) {
    std::vector<std::string> tensors;
    for (const PatchSite& site : sites) tensors.push_back(site.tensor);
    return tensors;
}

/// How many query heads a tensor's block has; values have fewer with groups.
int headsOf(const Model& model, const std::string& tensor) {
    for (const AttentionBlock& block : model.attentionBlocks())
        if (tensor.starts_with(block.name + ".")) return block.heads;
    return 1;
}

class PatchingTap final : public InputTap {
public:
    PatchingTap(const Model& model, const Input& input, const std::vector<PatchSite>& sites, const NamedTensors& clean)
        : InputTap(input), m_model(model), m_sites(sites), m_clean(clean) {}

protected:
    void seen(const std::string& name, const std::vector<int>&, float* values) override {
        for (const PatchSite& site : m_sites)
            if (site.tensor == name) patch(site, headsOf(m_model, name), m_clean.at(name), values);
    }

private:
    const Model& m_model;
    const std::vector<PatchSite>& m_sites;
    const NamedTensors& m_clean;
};

/// The corrupted run with one head's clean output, and nothing else that would follow from it but what the residual connections carry.
class PathTap final : public InputTap {
public:
    PathTap(const Input& input, const std::string& fromTensor, int fromHead, std::string end, const NamedTensors& clean,
            const NamedTensors& corrupted)
        : InputTap(input), m_from{fromTensor, fromHead, -1}, m_end(std::move(end)), m_clean(clean), m_corrupted(corrupted) {}

    Tensor reached;  ///< the tensor in which the path ends

protected:
    void seen(const std::string& name, const std::vector<int>& shape, float* values) override {
        if (name == m_end)
            reached = {std::vector<std::int64_t>(shape.begin(), shape.end()), std::vector<float>(values, values + sizeOf(shape))};
        if (!isFrozenByPath(name)) return;
        std::ranges::copy(m_corrupted.at(name).values, values);
        if (name == m_from.tensor) patch(m_from, shape.front(), m_clean.at(name), values);
    }

private:
    PatchSite m_from;
    std::string m_end;
    const NamedTensors& m_clean;
    const NamedTensors& m_corrupted;
};

void checkLengths(const Input& clean, const Input& corrupted) {
    if (clean.tokens.size() != corrupted.tokens.size() || clean.targetTokens.size() != corrupted.targetTokens.size())
        throw InputError(Message(LAB_TEXT("stream",
                                          "The clean input has %1 tokens and the corrupted one %2: patching puts one run's numbers "
                                          "into the other, position by position, so they must be equally long."))
                             .arg(clean.tokens.size() + clean.targetTokens.size())
                             .arg(corrupted.tokens.size() + corrupted.targetTokens.size()));
}

}  // namespace

double PatchQuestion::measure(const std::vector<float>& logits, int classes) const {
    const float* row = logits.data() + std::ptrdiff_t{position} * classes;
    if (other >= 0) return static_cast<double>(row[answer]) - static_cast<double>(row[other]);
    return softmaxRow(std::span(row, static_cast<std::size_t>(classes))).probability(static_cast<std::size_t>(answer));
}

Patching::Patching(const StreamRuns& runs, const Input& clean, const Input& corrupted, const PatchQuestion& question)
    : m_runs(runs), m_input(corrupted), m_question(question) {
    checkLengths(clean, corrupted);
    KeepingTap ofClean(clean, isPatchable), ofCorrupted(corrupted, isPatchable);
    m_cleanLogits = runs.logits(clean, ofClean);
    m_corruptedLogits = runs.logits(corrupted, ofCorrupted);
    m_cleanTensors = std::move(ofClean.kept);
    m_corruptedTensors = std::move(ofCorrupted.kept);
    const int positions = static_cast<int>(clean.targetTokens.empty() ? clean.tokens.size() : clean.targetTokens.size());
    m_classes = static_cast<int>(m_cleanLogits.size()) / positions;
    if (question.position < 0 || question.position >= positions)
        throw InputError(Message(LAB_TEXT("stream", "There is no position %1; the model answers at 0 .. %2."))
                             .arg(question.position)
                             .arg(positions - 1));
    for (const int asked : {question.answer, std::max(question.other, 0)})
        if (asked < 0 || asked >= m_classes)
            throw InputError(Message(LAB_TEXT("stream", "There is no answer %1; the model's are 0 .. %2.")).arg(asked).arg(m_classes - 1));
    m_clean = question.measure(m_cleanLogits, m_classes);
    m_corrupted = question.measure(m_corruptedLogits, m_classes);
    if (std::abs(m_clean - m_corrupted) < leastDifference)
        throw InputError(LAB_TEXT("stream",
                                  "Clean and corrupted input are answered alike here (the measure differs by less than 0.000001), so "
                                  "there is nothing to bring back. Change a token that the answer depends on."));
}

std::vector<float> Patching::logitsUnder(InputTap& tap, const std::vector<std::string>& changed) const {
    if (changed.empty() || !m_runs.model().network().blocksStandAlone()) return m_runs.logits(m_input, tap);
    int first = blockOf(changed.front());
    for (const std::string& tensor : changed) first = std::min(first, blockOf(tensor));
    if (first == 0) return m_runs.logits(m_input, tap);
    const std::string side(nameOf(answeringSide(m_runs.model().config())));
    return m_runs.logitsFrom(m_input, first, m_corruptedTensors.at(side + "." + std::to_string(first - 1) + ".residual").values, tap);
}

std::vector<float> Patching::patchedLogits(const std::vector<PatchSite>& sites) const {
    PatchingTap tap(m_runs.model(), m_input, sites, m_cleanTensors);
    return logitsUnder(tap, tensorsOf(sites));
}

double Patching::recoveredOf(const std::vector<float>& logits) const {
    return (m_question.measure(logits, m_classes) - m_corrupted) / (m_clean - m_corrupted);
}

double Patching::changeByItself(const std::vector<PatchSite>& sites) const {
    PatchingTap tap(m_runs.model(), m_input, sites, m_corruptedTensors);
    const std::vector<float> logits = m_runs.logits(m_input, tap);
    double largest = 0;
    for (std::size_t i = 0; i < logits.size(); ++i)
        largest = std::max(largest, std::abs(static_cast<double>(logits[i]) - static_cast<double>(m_corruptedLogits[i])));
    return largest;
}

double Patching::recovered(const std::vector<PatchSite>& sites) const {
    return recoveredOf(patchedLogits(sites));
}

double Patching::recoveredByPath(const StreamHead& from, const StreamHead& to, PathEnd end) const {
    const auto& blocks = m_runs.model().attentionBlocks();
    for (const StreamHead& place : {from, to})
        if (place.block < 0 || place.block >= static_cast<int>(blocks.size()) || place.head < 0 ||
            place.head >= blocks[static_cast<std::size_t>(place.block)].heads)
            throw InputError(Message(LAB_TEXT("stream", "There is no head %1 of attention block %2.")).arg(place.head).arg(place.block));
    if (to.block <= from.block) throw InputError(LAB_TEXT("stream", "A path leads from a head into one of a later layer."));
    const AttentionBlock& source = blocks[static_cast<std::size_t>(from.block)];
    const AttentionBlock& target = blocks[static_cast<std::size_t>(to.block)];
    const std::string reached = target.name + "." + std::string(nameOf(end));
    PathTap path(m_input, source.name + ".head_output", from.head, reached, m_cleanTensors, m_corruptedTensors);
    logitsUnder(path, {source.name});
    NamedTensors carried;
    carried.set(reached, path.reached);
    const std::vector<PatchSite> site{{reached, to.head, -1}};
    PatchingTap tap(m_runs.model(), m_input, site, carried);
    return recoveredOf(logitsUnder(tap, {reached}));
}

namespace {

void addStreams(PatchGrid& grid, const ModelConfig& config, const Input& input) {
    const bool twoSides = specOf(config.architecture).twoSides();
    for (const Side side : {Side::encoder, Side::decoder}) {
        const std::vector<LayerConfig> layers = layersOf(config, side);
        if (layers.empty()) continue;
        const bool ofTarget = twoSides && side == Side::decoder;
        const int length = static_cast<int>(ofTarget ? input.targetTokens.size() : input.tokens.size());
        const auto addRow = [&](const Message& label, int layer, const std::string& tensor) {
            grid.rows.push_back({label, layer, std::string(nameOf(side)), -1});
            for (int p = 0; p < grid.columns; ++p) grid.sites.push_back(p < length ? PatchSite{tensor, -1, p} : PatchSite{});
        };
        addRow(LAB_TEXT("stream", "embedding"), -1, ofTarget ? "target_embedding" : "embedding");
        for (int i = 0; i < static_cast<int>(layers.size()); ++i)
            addRow(Message(LAB_TEXT("stream", "after layer %1")).arg(i), i,
                   std::string(nameOf(side)) + "." + std::to_string(i) + ".residual");
    }
}

void addSublayers(PatchGrid& grid, const ModelConfig& config, PatchPart part, const Input& input) {
    for (const Side side : {Side::encoder, Side::decoder}) {
        const std::vector<LayerConfig> layers = layersOf(config, side);
        const bool ofTarget = specOf(config.architecture).twoSides() && side == Side::decoder;
        const int length = static_cast<int>(ofTarget ? input.targetTokens.size() : input.tokens.size());
        for (int i = 0; i < static_cast<int>(layers.size()); ++i) {
            const LayerConfig& layer = layers[static_cast<std::size_t>(i)];
            const std::string block = std::string(nameOf(side)) + "." + std::to_string(i);
            const auto addRow = [&](const SourceText& label, const std::string& name) {
                grid.rows.push_back({Message(label).arg(i), i, std::string(nameOf(side)), -1});
                for (int p = 0; p < grid.columns; ++p) grid.sites.push_back(p < length ? PatchSite{block + name, -1, p} : PatchSite{});
            };
            if (part == PatchPart::feed_forward) {
                if (layer.d_ff > 0) addRow(LAB_TEXT("stream", "layer %1"), ".feed_forward.output");
                continue;
            }
            if (specOf(layer.mixer).attends) addRow(LAB_TEXT("stream", "layer %1"), ".attention.output");
            if (ofTarget && config.crossAttends()) addRow(LAB_TEXT("stream", "layer %1, cross-attention"), ".cross_attention.output");
        }
    }
}

void addHeads(PatchGrid& grid, const Model& model, PatchPart part) {
    const std::string tensor = part == PatchPart::head ? ".head_output" : part == PatchPart::weights ? ".weights" : ".value";
    int number = 0;
    for (const AttentionBlock& block : model.attentionBlocks()) {
        const SourceText label = block.cross ? LAB_TEXT("stream", "layer %1, cross-attention") : LAB_TEXT("stream", "layer %1");
        grid.rows.push_back({Message(label).arg(block.layer), block.layer, block.side, number++});
        for (int h = 0; h < grid.columns; ++h) grid.sites.push_back(h < block.heads ? PatchSite{block.name + tensor, h, -1} : PatchSite{});
    }
}

}  // namespace

PatchGrid patchGrid(const Model& model, PatchPart part, const Input& input) {
    PatchGrid grid;
    if (specOf(part).byHead) {
        for (const AttentionBlock& block : model.attentionBlocks()) grid.columns = std::max(grid.columns, block.heads);
        addHeads(grid, model, part);
        return grid;
    }
    grid.columns = static_cast<int>(std::max(input.tokens.size(), input.targetTokens.size()));
    if (part == PatchPart::stream)
        addStreams(grid, model.config(), input);
    else
        addSublayers(grid, model.config(), part, input);
    return grid;
}

}  // namespace lab
