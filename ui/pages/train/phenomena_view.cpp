#include "ui/pages/train/phenomena_view.h"

#include <QHBoxLayout>
#include <algorithm>
#include <cmath>

#include "core/config/experiment.h"
#include "core/data/story_dataset.h"
#include "ui/pages/train/percent_axis.h"
#include "ui/pages/train/phenomena_heads.h"
#include "ui/text/message_text.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/plot/plot.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/table/text_table.h"

namespace lab {
namespace {

constexpr int storiesCounted = 3000, storiesJudged = 400;
/// One for each row of the table, again from the first when there are more.
constexpr Role roles[] = {Role::series1, Role::series2, Role::series3, Role::series4, Role::series5, Role::text};

Role roleOf(std::size_t row) {
    return roles[row % std::size(roles)];
}

QString percentText(double percent) {
    return fixed(percent, 1);
}

QString inPercent(double share) {
    return percentText(100 * share);
}

/// The newest validation up to a step, and the first that found so much right; by phenomenon.
struct Standing {
    std::optional<Tally> newest;
    std::optional<std::int64_t> learnedAt;
};

std::vector<Standing> standingsOf(const std::vector<StepRecord>& records, std::int64_t step) {
    std::vector<Standing> standings(StoryPhenomenon::table().size());
    for (const StepRecord& record : records) {
        if (record.step > step) break;
        if (!record.validation) continue;
        const auto& groups = record.validation->groups;
        for (std::size_t g = 0; g < std::min(groups.size(), standings.size()); ++g) {
            standings[g].newest = groups[g];
            if (!standings[g].learnedAt && groups[g].share() >= PhenomenaView::learned) standings[g].learnedAt = record.step;
        }
    }
    return standings;
}

}  // namespace

PhenomenaView::PhenomenaView(QWidget* parent)
    : QWidget(parent),
      m_curves(named("train.phenomena.curves", new Plot(tr("Right by phenomenon"), PlotScene::Kind::progress))),
      m_table(new TextTable(tr("By phenomenon"))),
      m_heads(named("train.phenomena.heads", new PhenomenaHeads)),
      m_choice(named("train.phenomena.choice", new SegmentedControl({tr("curves"), tr("heads")}, tr("Curves or heads")))) {
    m_curves->setYRange({{percentLow, percentHigh}});
    m_curves->setReading(percentText);
    m_curves->setFlag([](double step) { return tr("step %1").arg(grouped(std::llround(step))); });
    m_curves->setEmptyText(tr("Measured with each validation"));
    m_table->setColumns({tr("phenomenon"), tr("right %"), tr("guess %"), tr("5-gram %"), tr("90 % at step")}, {.32, .16, .16, .18, .18});
    m_table->setToolTip(tr(
        "Words of the validation stories that follow from what was told before. Right: they are the most probable ones of the whole "
        "vocabulary. Guess: one of the words that could stand there. 5-gram: the one that counting four words back finds most probable "
        "among them. The model is not told which words could stand there, so its question is the harder one: above both columns it knows "
        "more than they do; below them it may only not know yet what kind of word stands there."));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_curves, 3);
    layout->addWidget(m_table, 2);
    layout->addWidget(m_heads, 1);
    m_heads->hide();
    connect(m_heads, &PhenomenaHeads::headChosen, this, &PhenomenaView::headChosen);
    connect(m_choice, &SegmentedControl::chosen, this, [this](int index) {
        m_curves->setVisible(index == 0);
        m_table->setVisible(index == 0);
        m_heads->setVisible(index == 1);
    });
}

PhenomenaView::~PhenomenaView() = default;

bool PhenomenaView::ready() const {
    return !m_task.busy() && m_heads->ready();
}

void PhenomenaView::look(const CheckpointPtr& checkpoint) {
    m_heads->look(m_run, checkpoint);
}

bool PhenomenaView::isFor(const Run* run) {
    return run && storiesOf(*run->dataset());
}

void PhenomenaView::setRun(Run* run) {
    if (!isFor(run)) run = nullptr;
    if (run == m_run) return;
    disconnect(m_resetConnection);
    m_run = run;
    m_task.cancel();
    m_baselines.clear();
    restart();
    if (!run) return;
    m_resetConnection = connect(run, &Run::wasReset, this, &PhenomenaView::restart);
    askForBaselines();
}

void PhenomenaView::restart() {
    m_taken = 0;
    fillCurves();
    fillTable();
}

void PhenomenaView::askForBaselines() {
    const StoriesSettings settings = storiesOf(*m_run->dataset())->settings();
    const std::uint64_t seed = m_run->experiment().task.seed;
    m_task.request([this, settings, seed]() -> LatestTask::Found {
        return [this, rows = storyBaselines(settings, seed, storiesCounted, storiesJudged)] {
            m_baselines = rows;
            fillTable();
        };
    });
}

void PhenomenaView::follow(std::int64_t step) {
    if (!m_run) return;
    const auto& records = m_run->records();
    const auto first = records.begin() + static_cast<std::ptrdiff_t>(std::min(m_taken, records.size()));
    const bool validated = std::any_of(first, records.end(), [](const StepRecord& record) { return record.validation.has_value(); });
    m_taken = records.size();
    if (validated) fillCurves();
    if (validated || step != m_step) {
        m_step = step;
        fillTable();
    }
}

void PhenomenaView::fillCurves() {
    std::vector<PlotSeries> curves;
    const auto rows = StoryPhenomenon::table();
    for (std::size_t row = 0; row < rows.size(); ++row)
        curves.push_back({.name = shown(rows[row]->title), .role = roleOf(row), .width = 1.8, .squares = true});
    bool any = false;
    for (std::size_t k = 0; m_run && k < m_taken; ++k) {
        const StepRecord& record = m_run->records()[k];
        if (!record.validation) continue;
        for (std::size_t g = 0; g < std::min(record.validation->groups.size(), curves.size()); ++g) {
            curves[g].x.push_back(static_cast<double>(record.step));
            curves[g].y.push_back(100 * record.validation->groups[g].share());
            any = true;
        }
    }
    m_curves->setSeries(any ? std::move(curves) : std::vector<PlotSeries>());
}

void PhenomenaView::fillTable() {
    const auto rows = StoryPhenomenon::table();
    static const std::vector<StepRecord> nothing;
    const std::vector<Standing> standings = standingsOf(m_run ? m_run->records() : nothing, m_step);
    const QString none = QStringLiteral("\u2013");
    std::vector<TextTable::Row> cells;
    for (std::size_t row = 0; row < rows.size(); ++row) {
        const Standing& standing = standings[row];
        const bool counted = row < m_baselines.size();
        cells.push_back({{shown(rows[row]->title), standing.newest ? inPercent(standing.newest->share()) : none,
                          counted ? inPercent(m_baselines[row].chance) : none, counted ? inPercent(m_baselines[row].fiveGram) : none,
                          standing.learnedAt ? grouped(*standing.learnedAt) : none},
                         roleOf(row)});
    }
    m_table->setRows(std::move(cells));
}

}  // namespace lab
