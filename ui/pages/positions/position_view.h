#pragma once

#include <QPointer>
#include <QString>
#include <QWidget>
#include <memory>
#include <vector>

#include "ui/runs/focus.h"

namespace lab {

/// What the views of the Positions page look at. Without a run or a trace the pointers are null.
struct PositionScene {
    QPointer<const Run> run;
    std::shared_ptr<const Trace> trace;
    CheckpointPtr checkpoint;  ///< the weights that made the trace
    Input input;
    Selection selection;
    std::vector<QString> queryTokens, keyTokens;  ///< words of the block in hand

    const AttentionBlock* block() const;
};

/// One kind of positions, drawn.
class PositionView : public QWidget {
    Q_OBJECT

public:
    using QWidget::QWidget;

    virtual void look(const PositionScene& scene) = 0;
    /// Why there is nothing to see in this scene; empty when there is.
    virtual QString absence(const PositionScene&) const { return {}; }
    /// What it asked for off the GUI thread has come.
    virtual bool ready() const { return true; }

protected:
    // Said by several kinds.
    static QString factorTitle();
    static QString crossAbsence();
};

}  // namespace lab
