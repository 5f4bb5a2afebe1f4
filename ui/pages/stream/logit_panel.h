#pragma once

#include <set>

#include "ui/pages/stream/lens_scene.h"
#include "ui/pages/stream/lens_study.h"
#include "ui/pages/stream/mean_logit_study.h"
#include "ui/pages/stream/waterfall_scene.h"
#include "ui/widgets/panel.h"

class QScrollArea;

namespace lab {

class Button;
class ElidedLabel;
class SegmentedControl;
class ThemedLabel;
class WaterfallView;

/// What made a logit, part by part, of this input or as a mean over many; of this one a head's part can be split by the tokens whose values
/// it moves.
class LogitPanel : public PanelFrame {
    Q_OBJECT

public:
    explicit LogitPanel(QWidget* parent = nullptr);

    void show(const std::shared_ptr<const LensStudy::Found>& found, const LensScene& scene, Run& run, const CheckpointPtr& checkpoint);
    const WaterfallScene& scene() const { return m_scene; }
    bool againstOther() const;
    void setAgainstOther(bool other);
    bool overMany() const;
    void setOverMany(bool many);
    const std::optional<std::pair<int, int>>& split() const { return m_split; }
    /// Nothing is split, chosen, unfolded.
    void forget();
    /// The split head as a whole again; false: none was.
    bool join();
    QString check() const { return m_check; }
    const MeanLogitStudy& mean() const { return m_mean; }
    bool ready() const { return !overMany() || !m_mean.measuring(); }

signals:
    /// Another question is asked now.
    void asked();
    /// The mean has moved on.
    void changed();
    /// "Open in Maps"; key -1: none stands out.
    void mapsWanted(int block, int head, int key);

private:
    QWidget* makeFoot();
    void askAnew();
    LogitQuestion::Against manyAgainst() const;
    void askMany();
    void press(int bar);
    void reach(int bar);
    void build();
    QString question() const;
    QString hint() const;
    void showVerdict();
    void showFoot();
    int chosenBar() const;
    int largestSource() const;
    /// What the bars are of; null: there is nothing yet.
    const Attribution* attribution() const;

    MeanLogitStudy m_mean;
    std::shared_ptr<const LensStudy::Found> m_found;
    QPointer<Run> m_run;
    CheckpointPtr m_checkpoint;
    std::shared_ptr<const Model> m_model;
    QStringList m_tokens, m_sources;
    WaterfallScene m_scene;
    std::optional<std::pair<int, int>> m_split;
    QString m_answer, m_rival;  ///< in quotes
    QString m_chosen;           ///< a bar's name
    std::set<int> m_unfolded;
    QString m_check;

    SegmentedControl *m_over, *m_against;
    WaterfallView* m_view;
    QScrollArea* m_area;
    ElidedLabel *m_sentence, *m_verdict;
    Button *m_join, *m_maps, *m_measure;
};

}  // namespace lab
