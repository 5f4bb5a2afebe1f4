#pragma once

#include <QPointer>
#include <QStringList>
#include <QWidget>
#include <vector>

#include "core/learn/lesson_writing.h"
#include "core/lessons/lesson_play.h"

class QListWidget;
class QScrollArea;

namespace lab {

class Button;
class LessonForm;
class ThemedLabel;

/// A lesson that is being written, beside the page: its steps, and all that the chosen one says, shows, asks and checks. What is wrong is
/// said at the step.
class LessonEditor : public QWidget {
    Q_OBJECT

public:
    /// `actions`: the names of what the window can do.
    explicit LessonEditor(const QStringList& actions, QWidget* parent = nullptr);

    const LessonRow& row() const { return m_row; }
    /// For whoever records; followed by refresh().
    LessonRow& recordedRow() { return m_row; }
    void setRow(const LessonRow& row);
    /// Rows as they are now, the last step chosen.
    void refresh();
    /// None: the lesson as a whole.
    std::optional<std::size_t> step() const;
    void choose(std::optional<std::size_t> step);

    const std::vector<LessonFault>& faults() const { return m_faults; }
    /// Whether nothing is missing; else what is wrong first is in sight.
    bool isWhole();
    /// What playing it found; until something is changed.
    void setFindings(std::vector<LessonFinding> findings);
    /// One sentence about the whole; `offer`: the button behind it, which emits offerTaken.
    void say(const QString& sentence, const QString& offer = {});
    void setPlaying(bool playing);

signals:
    void changed();
    void openWanted();
    void recordWanted();
    void checkWanted();
    void tryWanted();
    void saveWanted();
    void offerTaken();
    void closeWanted();
    /// The step is to show what is looked at.
    void placeWanted(std::size_t step);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    QWidget* makeHeader();
    QWidget* makeSteps();
    QWidget* makeFooter();
    void takeEdit();
    void showSteps();
    void showForm();
    void showFormAgain();
    void showState();
    QString lineOf(std::size_t step) const;
    QStringList troubles(std::optional<std::size_t> step) const;
    void addStep();
    void removeStep();
    void moveStep(int by);
    void startOver();

    const QStringList m_actions;
    LessonRow m_row;
    std::vector<LessonFault> m_faults;
    std::vector<LessonFinding> m_findings;
    QListWidget* m_steps;
    Button *m_up, *m_down, *m_less, *m_new, *m_check, *m_offer;
    ThemedLabel *m_state, *m_trouble;
    QScrollArea* m_area;
    QPointer<LessonForm> m_form;
    bool m_newAsked = false;
};

}  // namespace lab
