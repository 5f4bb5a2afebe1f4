#pragma once

#include <QTimer>
#include <vector>

#include "core/stream/superposition.h"
#include "ui/pages/page_tab.h"
#include "ui/scenes/parts_figure.h"

class QGridLayout;
class QSlider;

namespace lab {

class Button;
class DataTable;
class FeatureArrows;
class Map;
class PanelFrame;
class Plot;
class ThemedLabel;
class WrappedText;

/// The toy of Elhage et al. 2022: more features than dimensions, trained live in small slices. It is of no run.
class SuperpositionTab : public PageTab {
    Q_OBJECT

public:
    explicit SuperpositionTab(Focus& focus, QWidget* parent = nullptr);

    TabHeading heading() const override;
    QWidget* controls() override { return m_controls; }
    void refresh() override {}
    std::vector<FigureOffer> figures() override;

    QJsonObject notes() const override;
    void takeNotes(const QJsonObject& notes) override;

    const Superposition& toy() const { return m_toy; }
    bool training() const { return m_clock.isActive(); }

protected:
    void hideEvent(QHideEvent* event) override;

private:
    struct Setting {
        QSlider* slider = nullptr;
        ThemedLabel* value = nullptr;
    };
    void makeControls();
    QWidget* makeSettings();
    Setting makeSetting(const QString& name, const QString& title, const QString& help, std::pair<int, int> range, int value);
    QWidget* makeArrows();
    QWidget* makeReturned();
    QWidget* makeTable();
    QWidget* makeLoss();
    void fillColumns();
    std::vector<std::pair<QString, QSlider*>> kept() const;
    void applyMeasures();
    SuperpositionConfig wanted() const;
    void restart();
    void setTraining(bool on);
    void slice();
    void advance(int steps);
    void showAll();
    QString sentence() const;
    FigureSubject subject() const;

    Superposition m_toy;
    std::vector<double> m_steps, m_losses;  ///< of the held-back vectors
    std::vector<double> m_norms, m_interference, m_dimensionality;
    QTimer m_clock;

    QWidget* m_controls;
    Button *m_train, *m_step, *m_reset;
    QWidget* m_settings;
    QGridLayout* m_grid;
    Setting m_features, m_dimensions, m_sparsity, m_importance;
    PanelFrame *m_arrowPanel, *m_returnedPanel, *m_tablePanel, *m_lossPanel;
    FeatureArrows* m_arrows;
    Map* m_returned;
    DataTable* m_table;
    Plot* m_loss;
    WrappedText* m_words;
};

}  // namespace lab
