#pragma once

#include <QDialog>
#include <QStringList>
#include <memory>
#include <optional>

#include "core/config/experiment.h"
#include "core/data/loaded_task.h"
#include "core/text/corpus.h"
#include "core/training/step_pace.h"
#include "ui/runs/latest_task.h"

namespace lab {

class Button;
class SegmentedControl;
class ThemedLabel;

/// What is to be trained on a person's own text: one of the recipes, for as many steps as it has or as fit into some minutes here.
class TextDialog : public QDialog {
    Q_OBJECT

public:
    /// Files or folders. `settings`: how they are cleaned and parted.
    explicit TextDialog(const QStringList& paths, const CorpusSettings& settings = {}, QWidget* parent = nullptr);
    ~TextDialog() override;

    SegmentedControl& recipe() const { return *m_recipe; }
    SegmentedControl& time() const { return *m_time; }
    Button& trainButton() const { return *m_train; }
    Button& openButton() const { return *m_open; }
    Button& latin1Button() const { return *m_latin1; }
    /// What is known of the text and of the training, or what is wrong with it.
    QString verdict() const;
    /// Both were measured; nothing before that.
    std::optional<Experiment> experiment() const;
    bool busy() const { return m_work.busy(); }

signals:
    /// Its paths are absolute; its text is that of this task, which was loaded for another number of steps.
    void wanted(const lab::Experiment& experiment, const lab::LoadedTask& loaded, bool train);
    void tableWanted(const QString& path);

private:
    /// What was read and measured for a recipe.
    struct Measured {
        LoadedTask task;
        StepPace pace;
    };
    void arrange();
    Experiment settingsOf(int recipe) const;
    void measure();
    void findTexts();
    void showHeading();
    void showMeasured();
    void say(const QString& text, bool wrong);
    void finish(bool train);

    QStringList m_paths;
    CorpusSettings m_settings;
    std::optional<qint64> m_bytes;               ///< nothing until the texts of its folders were found
    std::shared_ptr<const Measured> m_measured;  ///< null while nobody knows
    SegmentedControl* m_recipe;
    SegmentedControl* m_time;
    ThemedLabel *m_heading, *m_about;
    ThemedLabel* m_verdict;
    Button* m_train;
    Button* m_open;
    Button* m_latin1;   ///< offered when a text is not UTF-8
    LatestTask m_work;  ///< ends first
};

}  // namespace lab
