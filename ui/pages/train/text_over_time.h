#pragma once

#include <QJsonObject>

#include "ui/runs/writing_desk.h"
#include "ui/widgets/panel.h"

class QLineEdit;
class QSpinBox;

namespace lab {

class Focus;
class Run;
class SampleList;

/// What a model that learns text writes as it learns: the same prompt, the same seed at kept moments. The sibling of Prediction over time.
class TextOverTime : public PanelFrame {
    Q_OBJECT

public:
    explicit TextOverTime(QWidget* parent = nullptr);

    /// Whether the run's task is to guess the next token of texts that no rule answers.
    static bool suits(const Run& run);
    /// The focus has a run that suits.
    void showMoments(const Focus& focus, std::vector<CheckpointPtr> moments);
    bool ready() const { return m_log.ready(); }
    SampleList& list() const { return *m_list; }

    QJsonObject notes() const;
    void takeNotes(const QJsonObject& notes);

signals:
    void stepChosen(qint64 step);
    /// Prompt, seed or length are others.
    void refreshWanted();

private:
    void showSamples();

    SampleLog m_log;
    const Run* m_run = nullptr;
    std::int64_t m_shown = 0;
    QString m_own;  ///< the beginning of a text of the run: the prompt when none is typed
    QLineEdit* m_prompt;
    QSpinBox *m_length, *m_seed;
    SampleList* m_list;
};

}  // namespace lab
