#include <cmath>
#include <cstdio>

#include "app/commands/canvas.h"
#include "app/commands/command.h"
#include "app/commands/interrupt.h"
#include "app/commands/picture_options.h"
#include "app/commands/result_table.h"
#include "app/commands/saved_run.h"
#include "app/commands/stream_options.h"
#include "app/commands/stream_pictures.h"
#include "core/base/errors.h"
#include "core/stream/circuit_graph.h"
#include "ui/pages/stream/circuit_scene.h"

namespace lab {
namespace {

std::vector<StreamHead> headsOf(const Model& model) {
    std::vector<StreamHead> heads;
    for (int block = 0; block < static_cast<int>(model.attentionBlocks().size()); ++block)
        for (int head = 0; head < model.attentionBlocks()[static_cast<std::size_t>(block)].heads; ++head) heads.push_back({block, head});
    return heads;
}

std::string nameOfHead(const Model& model, const StreamHead& head) {
    return model.attentionBlocks()[static_cast<std::size_t>(head.block)].name + "." + std::to_string(head.head);
}

/// Each head by itself.
ResultTable headTable(const StreamRuns& runs) {
    VocabularyCircuits circuits(runs);
    ResultTable table{{"head", "matching", "copying"}, {}};
    bool copies = true;
    try {
        requireStraightHead(runs.model().config());
        requireTokensAsAnswers(runs.model().config());
    } catch (const InputError& why) {
        copies = false;
        std::fprintf(stderr, "no copying score: %s\n", why.what());
        table.header.pop_back();
    }
    for (const StreamHead& head : headsOf(runs.model())) {
        runs.goOn();
        table.rows.push_back({nameOfHead(runs.model(), head), circuits.matching(head)});
        if (copies) table.rows.back().emplace_back(circuits.copying(head));
    }
    return table;
}

/// Each pair of heads of an earlier and a later layer of one side.
ResultTable pairTable(const StreamRuns& runs, double least) {
    const Model& model = runs.model();
    const auto& blocks = model.attentionBlocks();
    std::vector<HeadMatrices> matrices;
    const std::vector<StreamHead> heads = headsOf(model);
    for (const StreamHead& head : heads) matrices.push_back(headMatrices(model, runs.weights(), head));
    const Composition base = randomComposition(model.config().d_model, static_cast<int>(matrices.front().q.rows()), baselineDraws, 1);
    ResultTable table{{"from", "to", "query", "key", "value"}, {}};
    for (std::size_t a = 0; a < heads.size(); ++a)
        for (std::size_t b = 0; b < heads.size(); ++b) {
            const AttentionBlock& first = blocks[static_cast<std::size_t>(heads[a].block)];
            const AttentionBlock& second = blocks[static_cast<std::size_t>(heads[b].block)];
            if (first.side != second.side || first.layer >= second.layer || second.cross) continue;
            runs.goOn();
            const Composition found = compositionOf(matrices[a], matrices[b]);
            const double q = found.q - base.q, k = found.k - base.k, v = found.v - base.v;
            if (std::max({q, k, v}) < least) continue;
            table.rows.push_back({nameOfHead(model, heads[a]), nameOfHead(model, heads[b]), q, k, v});
        }
    std::fprintf(stderr, "above what random matrices of these shapes have: query %.4f, key %.4f, value %.4f\n", base.q, base.k, base.v);
    return table;
}

/// The last two layers with attention, or those that --layer names.
BlockPair chosenPair(const Arguments& arguments, const Model& model) {
    const std::vector<BlockPair> pairs = blockPairs(model);
    if (!arguments.has("--layer")) return pairs.back();
    const int layer = arguments.integer("--layer", 0, 0);
    for (const BlockPair& pair : pairs)
        if (model.attentionBlocks()[static_cast<std::size_t>(pair.second)].layer == layer) return pair;
    throw InputError("--layer", Message(LAB_TEXT("commands", "no head of layer %1 could read heads of the layer before it")).arg(layer));
}

int circuits(const Arguments& arguments) {
    if (arguments.positionals().empty()) throw UsageError("a checkpoint is missing");
    arguments.limitPositionals(1);
    checkTableOptions(arguments);
    const double least = arguments.real("--above", 0.0, 0.0);
    if (arguments.has("--heads") && arguments.has("--above")) throw UsageError("--above is about pairs of heads");
    const auto picture = pictureInstead(arguments);
    if (picture && arguments.has("--heads")) throw UsageError("--out draws pairs of heads, and --heads is about each by itself");
    if (!picture && arguments.has("--layer")) throw UsageError("--layer is about the picture: --out names its file");
    const SavedRun run = readRunWithHeads(arguments.positionals().front());
    const InterruptGuard interrupt;
    const StreamRuns runs(*run.model, *run.weights, [&] { return interrupt.requested(); });
    return untilInterrupted([&] {
        if (!picture) return writeTable(arguments, arguments.has("--heads") ? headTable(runs) : pairTable(runs, least));
        const CircuitGraph graph = circuitGraph(runs, chosenPair(arguments, *run.model));
        const Canvas canvas;
        picture->write(*circuitPicture(run, graph, arguments.has("--above") ? least : leastCircuitLine));
    });
}

}  // namespace

Command circuitsCommand() {
    Command command;
    command.name = "circuits";
    command.summary = "Say which head reads what which earlier head writes, by the weights alone.";
    command.synopses = {"CHECKPOINT [--above X] [--csv FILE|--json]", "CHECKPOINT --out FILE [--layer L] [--above X]",
                        "CHECKPOINT --heads [--csv FILE|--json]"};
    command.options = {
        {"--above", "X", "only pairs that compose by more than this above random matrices; 0 when not given, of the picture 0.08", false},
        {"--layer", "L", "of the picture: the later one of the two layers that are drawn; the last when not given", false},
        {"--heads", "", "each head by itself: whether tokens look for their like, and whether what is looked at is copied", false},
    };
    for (const Option& option : tableOptions()) command.options.push_back(option);
    for (const Option& option : pictureInsteadOptions()) command.options.push_back(option);
    command.options.push_back({"--help", "", "this text", false});
    command.notes =
        "Composition of an earlier head 1 and a later head 2 (Elhage et al. 2021): ||O1 V1 R|| / (||O1 V1|| ||R||), R = Q2^T K2 from the "
        "side\n"
        "of the query or the key, or O2 V2, less the mean of random matrices of the same shapes. Norms' gains are left out.\n"
        "Matching and copying: the sum of the eigenvalues of E^T Q^T K E and of U O V E over the sum of their absolute values, from -1 to "
        "1, "
        "E the\n"
        "tokens as the head would read them alone, U the output matrix.";
    command.run = circuits;
    return command;
}

}  // namespace lab
