#include "ui/pages/maps/stage_controls.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QListView>
#include <QSignalBlocker>
#include <QStandardItemModel>
#include <algorithm>

#include "ui/widgets/caption.h"
#include "ui/widgets/named.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

/// Those of every model, then those of some kernels.
std::vector<MapStage> allStages() {
    std::vector<MapStage> stages(mapStageList.begin(), mapStageList.end());
    stages.insert(stages.end(), kernelStageList.begin(), kernelStageList.end());
    return stages;
}

int indexOf(MapStage stage) {
    const std::vector<MapStage> stages = allStages();
    return static_cast<int>(std::ranges::find(stages, stage) - stages.begin());
}

/// Whether blocks of these kernels have the stage.
bool isOf(ShownKernels kernels, MapStage stage) {
    if (stage == MapStage::exactWeights)
        return kernels == ShownKernels::drawn || kernels == ShownKernels::drawnAndSoftmax || kernels == ShownKernels::difference;
    return stage != MapStage::decay || kernels == ShownKernels::fading;
}

QStringList stageChoices() {
    QStringList choices;
    for (MapStage stage : allStages()) choices << stageChoice(stage);
    return choices;
}

}  // namespace

StageControls::StageControls(QWidget* parent) : QWidget(parent) {
    const QStringList scales{tr("common"), tr("per head")};
    m_stages = named(".stage", new SegmentedControl(stageChoices(), tr("Stage")));
    m_stageList = named(".stage_list", new QComboBox);
    m_stageList->addItems(stageChoices());
    m_stageList->setAccessibleName(tr("Stage"));
    m_scales = named(".scale", new SegmentedControl(scales, tr("Scale")));
    m_scaleList = named(".scale_list", new QComboBox);
    m_scaleList->addItems(scales);
    m_scaleList->setAccessibleName(tr("Scale"));
    m_scales->setChoiceToolTip(0, tr("One scale for all heads: colours can be compared from head to head"));
    m_scales->setChoiceToolTip(1, tr("Each head's colours reach to its own largest value: faint heads show their pattern"));
    // Each segment bears the name of its group; the lists, which are named by their text, need the labels, seen or not.
    m_stageLabel = new Caption(tr("Stage"), m_stageList);
    m_scaleLabel = new Caption(tr("Scale"), m_scaleList);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    for (QWidget* part : std::initializer_list<QWidget*>{m_stageLabel, m_stages, m_stageList, m_scaleLabel, m_scales, m_scaleList})
        row->addWidget(part);
    const auto takeStage = [this](int index) {
        MapsLook look = m_look;
        look.stage = allStages()[static_cast<std::size_t>(index)];
        choose(look);
    };
    const auto takeScale = [this](int index) {
        MapsLook look = m_look;
        look.perHead = index == 1;
        choose(look);
    };
    connect(m_stages, &SegmentedControl::chosen, this, takeStage);
    connect(m_stageList, &QComboBox::activated, this, takeStage);
    connect(m_scales, &SegmentedControl::chosen, this, takeScale);
    connect(m_scaleList, &QComboBox::activated, this, takeScale);
    keepSpacing(row, 6);
    setLook({});
    setGradientsPossible(true, {});
    showStages();
    setRoom(0);
}

void StageControls::choose(const MapsLook& look) {
    if (look == m_look) return;
    setLook(look);
    std::erase_if(m_looks, [this](const LookOfRun& kept) { return !kept.first || kept.first == m_run; });
    m_looks.emplace_back(m_run, look);
    emit lookChanged();
}

bool StageControls::showRun(const QObject& run) {
    m_run = &run;
    const auto kept = std::ranges::find(m_looks, m_run, &LookOfRun::first);
    const MapsLook before = m_look;
    setLook(kept == m_looks.end() ? MapsLook() : kept->second);
    return m_look != before;
}

void StageControls::setLook(const MapsLook& look) {
    m_look = look;
    m_stages->setCurrent(indexOf(look.stage));
    m_stageList->setCurrentIndex(indexOf(look.stage));
    m_stageList->setToolTip(stageHelp(look.stage, m_kernels));
    m_scales->setCurrent(look.perHead ? 1 : 0);
    m_scaleList->setCurrentIndex(look.perHead ? 1 : 0);
}

void StageControls::setKernels(ShownKernels kernels) {
    if (kernels == m_kernels) return;
    m_kernels = kernels;
    MapsLook look = m_look;
    if (!isOf(kernels, look.stage)) look.stage = MapStage::weights;
    setLook(look);
    setGradientsPossible(m_possible, m_why);
    showStages();
}

/// Stages of other kernels take no room.
void StageControls::showStages() {
    auto* rows = qobject_cast<QListView*>(m_stageList->view());
    for (const MapStage stage : kernelStageList) {
        m_stages->setChoiceShown(indexOf(stage), isOf(m_kernels, stage));
        if (rows) rows->setRowHidden(indexOf(stage), !isOf(m_kernels, stage));
    }
}

void StageControls::setGradientsPossible(bool possible, const QString& why) {
    m_possible = possible;
    m_why = why;
    const auto* items = qobject_cast<QStandardItemModel*>(m_stageList->model());
    for (const MapStage stage : allStages()) {
        const bool enabled = isOf(m_kernels, stage) && (possible || !needsGradients(stage));
        m_stages->setChoiceEnabled(indexOf(stage), enabled, why);
        if (enabled) m_stages->setChoiceToolTip(indexOf(stage), stageHelp(stage, m_kernels));
        items->item(indexOf(stage))->setEnabled(enabled);
        items->item(indexOf(stage))->setToolTip(enabled ? stageHelp(stage, m_kernels) : why);
    }
}

void StageControls::setRoom(int room) {
    const int gap = Theme::instance().px(6);
    const auto widthOf = [&](std::initializer_list<const QWidget*> parts) {
        int width = 0;
        for (const QWidget* part : parts) width += part->sizeHint().width() + gap;
        return width;
    };
    const bool wide = room >= widthOf({m_stageLabel, m_stages, m_scaleLabel, m_scales});
    const bool lists = !wide && room >= widthOf({m_stageList, m_scaleList});
    for (QWidget* part : std::initializer_list<QWidget*>{m_stages, m_scales, m_stageLabel, m_scaleLabel}) part->setVisible(wide);
    m_stageList->setVisible(!wide);
    m_scaleList->setVisible(lists);
}

}  // namespace lab
