#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>
#include "core/explain/twin.h"

#include "core/config/layer_config.h"
#include "core/explain/tape.h"
#include "core/explain/twin_answers.h"
#include "core/explain/twin_codes.h"
#include "core/explain/twin_difference.h"
#include "core/explain/twin_experts.h"
#include "core/explain/twin_halting.h"
#include "core/explain/twin_kernels.h"
#include "core/explain/twin_lsh.h"
#include "core/explain/twin_memory.h"
#include "core/explain/twin_scores.h"
#include "core/layers/position/rope.h"
#include "core/model/output_head.h"
#include "core/tensor/batch.h"

namespace lab::explain {

inline std::size_t size(int n) {
    return static_cast<std::size_t>(n);
}

/// One pass; the members follow the model from its tokens to the loss.
class Twin {
public:
    Twin(const Model& model, const Weights& weights, const Input& input, const AnswerCost& cost)
        : m_model(model), m_config(model.config()), m_weights(weights), m_input(input), m_cost(cost) {}

    std::shared_ptr<const DoubleTrace> run();

private:
    struct Recorded {
        std::string name;
        std::vector<std::int64_t> shape;
        std::vector<Node> parts;  ///< one after the other
        std::vector<Node> kept;   ///< the same numbers as segments to come read them; gradients of both are the tensor's
    };

    Node parameter(const std::string& name);  ///< null when there is none
    Node linear(Node x, const std::string& name);
    /// Records a tensor (heads one after the other), replaced where an intervention says so.
    std::vector<Node> tap(const std::string& name, std::vector<Node> parts, std::vector<std::int64_t> shape);
    Node tap(const std::string& name, Node x) { return tap(name, std::vector<Node>{x}, {x->rows, x->columns}).front(); }
    std::vector<Node> tapHeads(const std::string& name, std::vector<Node> heads);

    Node embedding(const std::string& name, const std::vector<int>& tokens);
    Node embeddingSum(const std::vector<int>& tokens);
    std::vector<int> segmentsOf(const std::vector<int>& tokens) const;
    Node bent(Node x, Activation activation);
    Node rowsOf(const std::vector<int>& tokens);
    Node lossOf(Node logits);
    Node norm(Node x, const std::string& name);
    /// `maskable`: its keys are the encoder's tokens, or of a model of one side its own.
    Node attention(const std::string& name, const LayerConfig& layer, Node x, Node memory, bool maskable);
    std::pair<Node, Node> keysAndValues(const std::string& name, const LayerConfig& layer, Node x);
    struct Kept {
        std::vector<Node> k, v;
        Node keyOf(int group) const { return k.empty() ? nullptr : k[static_cast<std::size_t>(group)]; }
        Node valueOf(int group) const { return v.empty() ? nullptr : v[static_cast<std::size_t>(group)]; }
    };
    Kept keptFor(const std::string& name, const LayerConfig& layer, Node memory, const std::vector<Node>& q);
    void scoreInputs(const std::string& name, const LayerConfig& layer, std::vector<Node>& q, std::vector<Node>& k);
    struct Apart {
        std::vector<Node> q, k, v;
    };
    Apart globals(const std::string& name, const LayerConfig& layer, Node x);
    Node withFirstRows(Node first, Node all, int count);
    std::vector<TwinLsh> hashed(const std::string& name, const LayerConfig& layer, const std::vector<Node>& k);
    Node scores(const std::string& name, const LayerConfig& layer, Node q, Node k, int head);
    void stages(const std::string& name, const LayerConfig& layer, const std::vector<Node>& q, const std::vector<Node>& k,
                const std::vector<Node>& kept, std::vector<Node>& scores);
    Node weightsOf(const std::string& name, Node masked, int head, const TwinKernel& own, KernelKind kernel, Node& sunk);
    void tapExactWeights(const std::string& name, const TwinKernel& own, const std::vector<Node>& q, const std::vector<Node>& k,
                         const std::vector<Node>& masked, const std::vector<Node>& weights);
    std::vector<Node> decays(const std::string& name, const LayerConfig& layer, const TwinKernel& own, Node x);
    Node feedForward(const std::string& name, const LayerConfig& layer, Node x);
    Node experts(const std::string& name, const LayerConfig& layer, Node x);
    void pay(Node cost);  ///< null: nothing
    Node mixing(const std::string& name, const LayerConfig& layer, Node x);
    Node residual(const std::string& name, Node x, Node onto, const std::function<Node(Node)>& f);
    Node stack(Side side, Node x, Node memory);
    Node bottleneck(Node encoded);
    Node ofEachSlot(Node rows, const std::string& map, int outputs);
    Node lookedUp(Node memory);
    Node answer(Node x);
    bool changed(Intervention::Kind kind, const std::string& block, int head) const;

    const Model& m_model;
    const ModelConfig& m_config;
    const Weights& m_weights;
    const Input& m_input;
    const AnswerCost& m_cost;
    Tape m_tape;
    Node m_beside = nullptr;  ///< what is paid beside the answers
    std::map<std::string, Node> m_parameters;
    std::vector<Node> m_sharedKeys, m_sharedValues;  ///< of the layer that those behind it read, as its scores have them
    std::vector<Recorded> m_recorded;
    bool m_keeps = false;  ///< what is tapped is there already: it is made again of copies, for segments to come
};

}  // namespace lab::explain
