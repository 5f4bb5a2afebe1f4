#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "core/model/model.h"
#include "core/tensor/batch.h"

namespace lab {

/// Over a set of samples; accuracies are fractions of 1. Of a model that answers numbers both are the share of the targets' squares that is
/// explained, which may be negative.
struct AblationScore {
    double loss = 0;              ///< mean over all counting positions, natural logarithm
    double accuracy = 0;          ///< share of counting positions predicted right, given the true input
    double sequenceAccuracy = 0;  ///< share of samples with every counting position right
};

/// How these weights do on the samples while some heads are switched off or made uniform (interventions of kinds headOff and headUniform;
/// none: unchanged). Dense path, one thread, dropout off. `cancelled` is asked every few milliseconds of work; nothing is returned then.
/// Throws InputError for a head that does not exist and for samples that the model cannot take.
std::optional<AblationScore> evaluateWith(const Model& model, const Weights& weights, const std::vector<Sample>& samples,
                                          const std::vector<Intervention>& interventions, const std::function<bool()>& cancelled = {});

/// The same for whoever asks for many heads of one model: what all questions share is made once, by the first. Samples that ask for
/// nothing, as a model of hidden states does, are judged by how far their vectors move: `loss` is then the mean of 1 - cosine between the
/// mean over a sample's positions of the model's outputs and that of the model unchanged, and both accuracies are the mean cosine.
class AblationJudge {
public:
    AblationJudge(const Model& model, const Weights& weights, const std::vector<Sample>& samples);

    std::optional<AblationScore> score(const std::vector<Intervention>& interventions, const std::function<bool()>& cancelled = {});
    /// Nothing is asked.
    static bool judgesVectors(const std::vector<Sample>& samples);

private:
    std::optional<AblationScore> moved(const std::vector<Intervention>& interventions, const std::function<bool()>& cancelled);

    const Model& m_model;
    const Weights& m_weights;
    const std::vector<Sample>& m_samples;
    bool m_vectors;
    std::optional<Weights> m_transposed;
    std::vector<std::vector<double>> m_unchanged;  ///< mean outputs of each sample
};

/// One head, or all heads of one block.
struct AblationSubject {
    int block = 0;  ///< index into Model::attentionBlocks()
    int head = -1;  ///< -1: the whole block

    bool operator==(const AblationSubject&) const = default;
};

/// Whether this input makes the weights of a head uniform, whatever its scores are.
bool isMadeUniform(const Input& input, const AttentionBlock& block, int head);
/// Whether an intervention puts other scores in place of the block's own.
bool scoresAreSet(const Input& input, const AttentionBlock& block);

/// The interventions that switch this subject off or make it uniform.
std::vector<Intervention> ablationOf(const Model& model, const AblationSubject& subject, Intervention::Kind kind);

/// Every head of a model, each followed by its block where that has more than one head: block after block.
std::vector<AblationSubject> ablationSubjects(const Model& model);

}  // namespace lab
