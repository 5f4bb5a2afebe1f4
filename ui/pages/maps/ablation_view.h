#pragma once

#include <QWidget>
#include <vector>

#include "ui/pages/maps/ablation_table.h"
#include "ui/pages/maps/uniform_notice.h"
#include "ui/runs/ablation_study.h"
#include "ui/runs/focus.h"
#include "ui/scenes/maps_scene.h"

namespace lab {

class Button;
class PanelFrame;
class SampleTable;
class SequenceWords;
class TextTable;

/// Heads and layers switched off or made uniform, and what that does: loss and accuracy over a set of samples, the answer to this input,
/// and a ranking of all heads by it.
class AblationView : public QWidget {
    Q_OBJECT

public:
    explicit AblationView(Focus& focus, QWidget* parent = nullptr);

    void look(const MapsScene& scene);
    AblationTable& table() const { return *m_table; }
    /// "over 64 validation samples"
    QString samplesText() const;
    /// What the ranking says of the weights of a step of the run in hand; without an ablation where they are not ranked to the end.
    EvenMapsEvidence evidenceAt(std::int64_t step) const;
    AblationStudy& study() { return m_study; }
    const AblationStudy& study() const { return m_study; }

    /// Switches one head, or all of a block; the whole window follows.
    void setState(const AblationSubject& subject, AblationTable::State state);
    AblationTable::State stateOf(const AblationSubject& subject) const;

signals:
    /// The ranking is to be seen: asked for where the jobs are listed.
    void rankingWanted();

private:
    void makeTablePanel();
    void makeOutcomePanels();
    void applyMeasures();
    void refresh();
    void refreshTable();
    void refreshOutcome();
    void refreshAnswers();
    void refreshNumbers(const SequenceWords& words, const AblationStudy::Outcome& outcome);
    void rankOrCancel();

    Focus& m_focus;
    AblationStudy m_study;
    std::vector<QString> m_names;  ///< of ablationSubjects()
    std::vector<AblationSubject> m_subjects;
    bool m_wasRanking = false;
    PanelFrame *m_tablePanel, *m_outcomePanel, *m_answerPanel;
    AblationTable* m_table;
    TextTable* m_outcome;
    SampleTable* m_answers;
    Button *m_rank, *m_allOn;
    QWidget* m_right;
};

/// "2 heads off, 1 uniform"; empty when all are on.
QString headChangesText(const std::vector<Intervention>& changes);

}  // namespace lab
