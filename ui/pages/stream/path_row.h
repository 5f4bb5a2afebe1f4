#pragma once

#include <QWidget>

#include "ui/pages/stream/patch_study.h"

class QComboBox;

namespace lab {

class ElidedLabel;
class SegmentedControl;

/// A path from one head into what another one reads, and what comes back on it.
class PathRow : public QWidget {
    Q_OBJECT

public:
    explicit PathRow(QWidget* parent = nullptr);

    /// No path of another model.
    void meet(const Run& run);
    std::optional<PatchPath> path() const;
    /// Without a signal.
    void setPath(const PatchPath& path);
    void showFound(const PatchFound& found);

signals:
    void chosen();

private:
    void fillEnds();

    std::shared_ptr<const Model> m_model;
    QComboBox *m_from, *m_to;
    SegmentedControl* m_end;
    ElidedLabel* m_said;
};

}  // namespace lab
