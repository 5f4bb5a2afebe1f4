#include "ui/pages/train/phenomena_heads.h"

#include <QMouseEvent>

#include "core/config/experiment.h"
#include "core/data/story_dataset.h"
#include "ui/scenes/head_names.h"
#include "ui/text/message_text.h"
#include "ui/widgets/format.h"

namespace lab {
namespace {

constexpr int storiesLookedAt = 40;

/// What is measured on: some of the validation's stories.
struct Asked {
    std::vector<Sample> samples;
    std::vector<TargetGroups> groups;
    std::vector<SourceCell> cells;
};

Asked askedOf(const StoryDataset& stories) {
    Asked asked;
    for (int i = 0; i < std::min(storiesLookedAt, stories.validationSize()); ++i) {
        const Story told = stories.validationStory(i);
        asked.samples.push_back(stories.sampleOf(told));
        asked.groups.push_back(stories.validationGroups(i));
        for (const StoryCell& cell : stories.cellsOf(told)) asked.cells.push_back({i, cell.position, cell.source, cell.group});
    }
    return asked;
}

QString shareText(double share) {
    return fixed(100 * share, 1);
}

}  // namespace

PhenomenaHeads::PhenomenaHeads(QWidget* parent) : TextTable(tr("Heads by phenomenon"), parent) {
    setColumns({tr("phenomenon"), tr("head"), tr("right %"), tr("without it %"), tr("weight on source %")}, {.28, .14, .16, .2, .22});
    setToolTip(
        tr("The head without which least is right (switched off on %1 validation stories), and the mean weight that it puts on the word "
           "that the answer follows from. A click shows it.")
            .arg(storiesLookedAt));
    fill();
}

void PhenomenaHeads::look(Run* run, const CheckpointPtr& checkpoint) {
    if (run != m_run) {
        m_task.cancel();
        m_measured = nullptr;
        m_heads.clear();
        m_run = run;
        fill();
    }
    m_checkpoint = checkpoint;
    if (isVisible()) measure();
}

void PhenomenaHeads::showEvent(QShowEvent* event) {
    TextTable::showEvent(event);
    measure();
}

void PhenomenaHeads::measure() {
    if (!m_run || !m_checkpoint || m_checkpoint == m_measured || m_run->model()->attentionBlocks().empty()) return;
    if (m_task.busy()) return;  // asked again by the next look
    m_measured = m_checkpoint;
    m_task.request([this, model = m_run->model(), data = m_run->dataset(),
                    checkpoint = m_checkpoint](const LatestTask::Wanted& wanted) -> LatestTask::Found {
        const Asked asked = askedOf(*storiesOf(*data));
        auto heads = responsibleHeads(*model, checkpoint->weights, asked.samples, asked.groups, asked.cells, data->targetGroups(),
                                      [&wanted] { return !wanted(); });
        return [this, heads = std::move(heads)] {
            if (heads) m_heads = *heads;
            fill();
        };
    });
}

void PhenomenaHeads::fill() {
    const QString none = QStringLiteral("\u2013");
    const auto phenomena = StoryPhenomenon::table();
    std::vector<Row> rows;
    for (std::size_t g = 0; g < phenomena.size(); ++g) {
        if (!m_run || g >= m_heads.size()) {
            rows.push_back({{shown(phenomena[g]->title), none, none, none, none}});
            continue;
        }
        const ResponsibleHead& head = m_heads[g];
        const AttentionBlock& block = m_run->model()->attentionBlocks()[static_cast<std::size_t>(head.block)];
        rows.push_back({{shown(phenomena[g]->title), shortHeadName(block, head.head, m_run->experiment().model.architecture),
                         shareText(head.with.share()), shareText(head.without.share()), shareText(head.weight)}});
    }
    setRows(std::move(rows));
}

void PhenomenaHeads::mousePressEvent(QMouseEvent* event) {
    const int row = rowAt(event->position().toPoint());
    if (row >= 0 && row < static_cast<int>(m_heads.size())) {
        const ResponsibleHead& head = m_heads[static_cast<std::size_t>(row)];
        emit headChosen(head.block, head.head);
    }
}

}  // namespace lab
