#pragma once

#include <QStringList>
#include <QWidget>
#include <memory>

#include "core/codes/robustness.h"
#include "core/model/trace.h"

class QComboBox;

namespace lab {

class CurrentStack;
class Map;
class PanelFrame;
class SegmentedControl;
class WrappedText;

/// Which slot has to do with which position: where a slot looks when it reads the input, and which positions of what is read back change
/// when it is set to another code.
class SlotsView : public QWidget {
    Q_OBJECT

public:
    enum class Shows { reads, says };

    explicit SlotsView(QWidget* parent = nullptr);

    /// Of the input in focus; null: not yet.
    void setTrace(std::shared_ptr<const Trace> trace, const QStringList& tokens);
    /// Null: not measured; `waiting` stands in its place.
    void setFlips(std::shared_ptr<const codes::SlotRobustness> flips, const QString& waiting);
    /// Of which step what is shown is; empty: of the one that is shown everywhere.
    void setSteps(const QString& reads, const QString& says);
    Shows shows() const;
    void setShows(Shows shows);
    int head() const;
    Map& readsMap() const { return *m_reads; }
    Map& saysMap() const { return *m_says; }

signals:
    void changed();

private:
    void showReads();
    void showTitle();
    void fillHeads(int heads);

    std::shared_ptr<const Trace> m_trace;
    std::shared_ptr<const codes::SlotRobustness> m_flips;
    QStringList m_tokens;
    QString m_readsStep, m_saysStep;
    PanelFrame* m_panel;
    SegmentedControl* m_choice;
    QComboBox* m_heads;
    CurrentStack* m_stack;
    Map *m_reads, *m_says;
    WrappedText* m_help;
};

}  // namespace lab
