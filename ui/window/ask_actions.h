#pragma once

#include <QObject>
#include <QPointer>
#include <optional>
#include <vector>

#include "core/learn/questions.h"
#include "ui/runs/place.h"

namespace lab {

class MainWindow;
struct AskEntry;
struct LessonRow;

/// A learner's questions: opens the palette, shows what an answer speaks of, and leads back to where one was.
class AskActions : public QObject {
    Q_OBJECT

public:
    AskActions(MainWindow& window, QObject* parent);

    void ask();
    /// On the run that is open, or on the question's preset, opened beside it and trained; false when it is not there, which
    /// the window says, or when the person kept what is open.
    bool show(const LearnerQuestion& question);
    bool show(const QuestionTarget& target);
    /// To what was looked at before the last show().
    void goBack();

signals:
    void lessonWanted(const lab::LessonRow* row);

private:
    std::vector<AskEntry> entries();
    void addQuestions(std::vector<AskEntry>& entries);
    void addLessons(std::vector<AskEntry>& entries);
    void addCommands(std::vector<AskEntry>& entries);
    void addPresets(std::vector<AskEntry>& entries);
    void addExamples(std::vector<AskEntry>& entries);
    void addSettings(std::vector<AskEntry>& entries);
    void addStatements(std::vector<AskEntry>& entries);
    void addComponents(std::vector<AskEntry>& entries);
    QAction* pageOf(const std::string& place) const;
    bool openFor(const QuestionTarget& target);

    MainWindow& m_window;
    QAction* m_back;
    std::optional<Place> m_before;
    QPointer<Run> m_runBefore;
    std::string m_presetBefore;  ///< of its document, if the run itself goes, as one without a step does
    QString m_fileBefore;
    QMetaObject::Connection m_following;  ///< to the file that goBack() waits for
};

}  // namespace lab
