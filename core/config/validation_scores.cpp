#include "core/config/experiment.h"
#include "core/config/problem_list.h"

// What must hold of what stands between scores and weights: only a softmax has scores that could be capped, biased or shared with a sink.

namespace lab {
namespace {

void requireSoftmax(const ModelConfig& model, ProblemList& problems) {
    const KernelSpec& kernel = specOf(model.attention.kernel.kind);
    if (kernel.scores) return;
    const auto refuse = [&](bool asked, const SourceText& why) {
        if (asked) problems.add("model.attention.kernel", Message(why).arg(kernel.name));
    };
    refuse(model.attention.soft_cap > 0,
           LAB_TEXT("config", "%1 has no softmax before which soft_cap could bound scores; use softmax, or model.attention.soft_cap 0"));
    refuse(model.attention.sink,
           LAB_TEXT("config", "%1 has no softmax in whose sum a sink could stand; use softmax, or model.attention.sink false"));
    refuse(
        specOf(model.position.kind).biasTable,
        LAB_TEXT("config", "%1 has no softmax before which relative-bias could add a number to scores; use softmax, or another position"));
}

/// An encoder sees both sides of a query and halves the buckets among them; a decoder has all of them for what is before.
void checkBuckets(const ModelConfig& model, ProblemList& problems) {
    if (!specOf(model.position.kind).biasTable || !problems.sound({"model.position.buckets", "model.position.max_distance"})) return;
    const int buckets = model.position.buckets;
    const bool encodes = model.architecture != Architecture::decoder, decodes = specOf(model.architecture).decoder;
    if (encodes && buckets % 2 != 0)
        problems.add(
            "model.position.buckets",
            Message(LAB_TEXT("config", "%1 is odd, but an encoder gives half of the buckets to keys behind the query; use %2 or %3"))
                .arg(buckets)
                .arg(buckets - 1)
                .arg(buckets + 1));
    const int exact = (decodes ? buckets : buckets / 2) / 2;
    if (model.position.max_distance <= exact)
        problems.add(
            "model.position.max_distance",
            Message(LAB_TEXT("config", "%1 is too small; with %2 buckets the distances below %3 have a bucket each, so use at least %4"))
                .arg(model.position.max_distance)
                .arg(buckets)
                .arg(exact)
                .arg(exact + 1));
}

/// Pairs of heads, each with values of its own, and nothing else done to their maps.
void checkDifference(const ModelConfig& model, ProblemList& problems) {
    const AttentionConfig& attention = model.attention;
    if (!attention.differential || !specOf(attention.kernel.kind).scores) return;
    const char* place = "model.attention.differential";
    if (model.num_heads % 2 != 0)
        problems.add(
            "model.num_heads",
            Message(LAB_TEXT("config", "%1 heads cannot go in pairs, as differential has them; use an even number")).arg(model.num_heads));
    if (model.num_kv_heads && *model.num_kv_heads != model.num_heads)
        problems.add("model.num_kv_heads", Message(LAB_TEXT("config",
                                                            "%1 is not num_heads %2, but each head of a pair has values of its own "
                                                            "when attention is differential"))
                                               .arg(*model.num_kv_heads)
                                               .arg(model.num_heads));
    if (attention.sink)
        problems.add(
            place,
            LAB_TEXT("config", "a sink takes a share of one map, and here two are subtracted; use false, or model.attention.sink false"));
    if (attention.dropout > 0)
        problems.add(place, LAB_TEXT("config", "weights that are differences do not drop out; use false, or model.attention.dropout 0"));
    if (attention.global_projections)
        problems.add(place, LAB_TEXT("config",
                                     "the first tokens\u2019 own projections are not subtracted; use false, or "
                                     "model.attention.global_projections false"));
    if (model.init == Initialisation::gradient_descent)
        problems.add(place, LAB_TEXT("config", "a gradient step has no difference of maps; use false"));
}

}  // namespace

void checkScoreRules(const Experiment& e, ProblemList& problems) {
    if (!e.model.attends()) return;
    requireSoftmax(e.model, problems);
    checkBuckets(e.model, problems);
    checkDifference(e.model, problems);
    if (e.model.init == Initialisation::gradient_descent && e.model.attention.gate)
        problems.add("model.attention.gate", LAB_TEXT("config", "a gradient step has no gate behind its heads; use false"));
}

}  // namespace lab
