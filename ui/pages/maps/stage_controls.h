#pragma once

#include <QPointer>
#include <QWidget>
#include <utility>
#include <vector>

#include "ui/scenes/stage_maps.h"

class QComboBox;

namespace lab {

class SegmentedControl;
class ThemedLabel;

/// Which stage the maps show, and whether heads share a scale; as lists where there is little room.
class StageControls : public QWidget {
    Q_OBJECT

public:
    explicit StageControls(QWidget* parent = nullptr);

    const MapsLook& look() const { return m_look; }
    /// Without a signal.
    void setLook(const MapsLook& look);
    /// As this one was left; without a signal. Returns whether anything changed.
    bool showRun(const QObject& run);
    /// Gradients exist only where the right answer is known; `why` says so on their choices.
    void setGradientsPossible(bool possible, const QString& why);
    /// What the stages are depends on the kernel.
    void setKernels(ShownKernels kernels);
    /// `room` in px: choices side by side, else as lists, else the stage alone.
    void setRoom(int room);

    /// As if the person had chosen it.
    void choose(const MapsLook& look);

signals:
    void lookChanged();

private:
    void showStages();

    using LookOfRun = std::pair<QPointer<const QObject>, MapsLook>;
    std::vector<LookOfRun> m_looks;  ///< those that were chosen
    QPointer<const QObject> m_run;
    MapsLook m_look;
    ShownKernels m_kernels = ShownKernels::softmax;
    bool m_possible = true;
    QString m_why;
    ThemedLabel* m_stageLabel;
    SegmentedControl* m_stages;
    QComboBox* m_stageList;
    ThemedLabel* m_scaleLabel;
    SegmentedControl* m_scales;
    QComboBox* m_scaleList;
};

}  // namespace lab
