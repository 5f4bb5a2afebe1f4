#pragma once

#include <optional>

#include "core/analysis/positions/permutation.h"
#include "ui/pages/positions/position_view.h"
#include "ui/runs/latest_task.h"

class QVBoxLayout;

namespace lab {

class Button;
class PanelFrame;
class TextTable;
class ThemedLabel;

/// What a model without positions cannot do: the input is permuted, and the output permutes along. The same weights answer with their
/// positions and without.
class PermutationView : public PositionView {
    Q_OBJECT

public:
    explicit PermutationView(QWidget* parent = nullptr);
    void look(const PositionScene& scene) override;
    bool ready() const override { return !m_busy; }
    QString absence(const PositionScene& scene) const override;
    const std::optional<PermutationProbe>& probe() const { return m_probe; }
    /// Permutes the input in another way.
    void shuffle();

private:
    void ask();
    void show(const PermutationProbe& probe);
    void showRows(const PermutationProbe& probe, bool told);
    QString verdict(const PermutationProbe& probe) const;
    PositionSources sources() const;
    QString tellingMask() const;
    bool twoSided() const;
    QString consequence() const;

    PositionScene m_scene;
    bool m_busy = false;
    LatestTask m_task;
    CheckpointPtr m_askedFor;
    Input m_askedInput;
    std::uint64_t m_seed = 7;
    std::optional<PermutationProbe> m_probe;
    QVBoxLayout* m_layout;
    PanelFrame *m_wordPanel, *m_tablePanel;
    Button* m_shuffle;
    ThemedLabel *m_sentence, *m_detail;
    TextTable* m_table;
};

}  // namespace lab
