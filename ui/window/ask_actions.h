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

/// A learner's questions: opens the palette, shows what an answer speaks of, and leads back to where one was.
class AskActions : public QObject {
    Q_OBJECT

public:
    AskActions(MainWindow& window, QObject* parent);

    void ask();
    /// On the run that is open, or on the question's preset, opened beside it and trained; false, with a sentence in the window, when it is
    /// not there.
    bool show(const LearnerQuestion& question);
    /// To what was looked at before the last show().
    void goBack();
    bool canGoBack() const { return m_before.has_value(); }

private:
    std::vector<AskEntry> entries() const;
    void addQuestions(std::vector<AskEntry>& entries) const;
    void addCommands(std::vector<AskEntry>& entries) const;
    void addPresets(std::vector<AskEntry>& entries) const;
    void addSettings(std::vector<AskEntry>& entries) const;
    void showSetting(const std::string& path);
    bool openFor(const QuestionTarget& target);

    MainWindow& m_window;
    QAction* m_back;
    std::optional<Place> m_before;
    QPointer<Run> m_runBefore;
};

}  // namespace lab
