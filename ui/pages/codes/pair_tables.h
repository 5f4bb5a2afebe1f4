#pragma once

#include <memory>

#include "core/codes/code_neighbours.h"
#include "core/codes/code_report.h"
#include "ui/pages/codes/share_table.h"

namespace lab {

/// What the tables of pairs speak of: sequences of one set.
struct PairScene {
    std::shared_ptr<const codes::SequenceSet> set;    ///< null: nothing
    std::shared_ptr<const codes::CodeReport> report;  ///< of that set
    std::vector<QString> texts;                       ///< of its sequences
};

/// Different sequences of the test set that have the same code.
class CollisionTable : public ShareTable {
    Q_OBJECT

public:
    explicit CollisionTable(QWidget* parent = nullptr);

    void setScene(PairScene scene);
    const codes::Collision& collision(std::size_t row) const { return m_scene.report->collisions[row]; }
    std::size_t count() const { return m_scene.report ? m_scene.report->collisions.size() : 0; }

private:
    std::vector<TableColumn> makeColumns() const;

    PairScene m_scene;
};

/// Sequences of the test set whose codes are nearest to that of the sequence shown.
class NeighbourTable : public ShareTable {
    Q_OBJECT

public:
    explicit NeighbourTable(QWidget* parent = nullptr);

    void setScene(PairScene scene, std::vector<codes::Neighbour> neighbours);
    const codes::Neighbour& neighbour(std::size_t row) const { return m_neighbours[row]; }
    std::size_t count() const { return m_neighbours.size(); }

private:
    std::vector<TableColumn> makeColumns() const;

    PairScene m_scene;
    std::vector<codes::Neighbour> m_neighbours;
};

}  // namespace lab
