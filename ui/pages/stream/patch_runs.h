#pragma once

#include "ui/pages/stream/patch_scene.h"
#include "ui/widgets/panel.h"

namespace lab {

class ElidedLabel;
class TextTable;

/// What the runs of a pair answer, whether a patch of a run with itself changes nothing, and what the map took.
class PatchRuns : public PanelFrame {
    Q_OBJECT

public:
    explicit PatchRuns(QWidget* parent = nullptr);

    /// `outcome`: of the cell in hand, may be null, as `cells` may.
    void showFound(const Run& run, const PatchFound& found, const PatchOutcome* outcome, const PatchCells* cells);
    QString verdict() const;
    const TextTable& table() const { return *m_table; }

private:
    TextTable* m_table;
    ElidedLabel *m_verdict, *m_cost;
};

}  // namespace lab
