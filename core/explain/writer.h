#pragma once

#include <deque>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include "core/explain/graph.h"

namespace lab::explain {

/// The nodes of this name of all experts of the row in hand: " up0 up1".
std::string expertNodes(const Context& c, const std::string& name, const std::string& result = "");

/// Writes a walk: makes the graphs that it is about and lays their nodes out by the tables.
class Writer {
public:
    Writer(Walk& walk, ContextPtr context);

    void forward();
    void backward();

private:
    using Shared = std::shared_ptr<Graph>;
    /// A stage with the words and grids of these rows; of another block's walk only what is explained where.
    struct Entry {
        std::string id;
        std::vector<const char*> rows;
        Variables variables = {};
        std::string group = {};
        bool written = true;
    };
    void stage(const Shared& g, const Entry& entry);
    void stage(const Shared& g, const char* row, bool written = true) { stage(g, {row, {row}, {}, {}, written}); }
    CellRef resultOf(const Graph& g, const Stage& stage, const std::string& result) const;
    Shared graph(ContextPtr context);
    /// A graph of another block and where its own walk shows it.
    Shared other(const std::string& block, int query, int key, bool later);

    void forwardStages(const Shared& g, bool written);
    void attentionBackStages(const Shared& g, bool written);
    void slotStages(const Shared& g, bool written);
    std::string memory();
    std::string memoryOfSlots();
    std::string decoderWays(const Shared& of, int key, const std::string& tensor);
    void slotBack();
    void laterLayer(int layer);
    void queryBack(const Shared& g, const std::string& id, const char* row, bool later);
    void keyWays(const Shared& g, const std::string& id, const char* row, int layer, const std::string& group, bool top);
    void readerWays(const Shared& g, const std::string& id, int l);
    void laterFeedForward(const Shared& g, const std::string& id, int part, const std::string& layer, std::string& after);
    void laterCross(const Shared& g, const std::string& id, int layer, std::string& after);
    void restOfLayer(std::string after);
    void normBack(int part);

    void feedForwardStages(const Shared& g, bool written);
    void feedForwardBackStages();

    // writer_experts.cpp
    void expertStages(const Shared& g, bool written);
    void expertBackStages();
    void laterExperts(const Shared& g, const std::string& id, int part, const std::string& layer);

    // writer_halting.cpp
    void haltingStages();
    void haltingBack(const std::string& of);
    void stateBack(int step, Node* fromStep);
    Node& endOf(int step) const;

    // writer_steps.cpp
    Shared step(int layer);
    void sumSteps(std::initializer_list<std::string> names);

    Walk& m_walk;
    ContextPtr m_context;
    std::shared_ptr<std::deque<Graph>> m_world;  ///< graphs lead to one another: all live as long as one is needed
    Shared m_slot;                               ///< how the slot that is the key came about; null where keys are tokens
    Shared m_main;
    std::vector<Shared> m_steps;  ///< where one layer's weights serve all: by their layers
    Node* m_end = nullptr;        ///< the gradient of the end of the layer that comes next
};

}  // namespace lab::explain
