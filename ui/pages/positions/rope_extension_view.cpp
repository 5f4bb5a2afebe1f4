#include "ui/pages/positions/rope_extension_view.h"

#include <QGridLayout>
#include <QVBoxLayout>
#include <array>
#include <cmath>

#include "core/config/experiment.h"
#include "ui/scenes/measure_words.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/plot/plot.h"
#include "ui/widgets/position_slider.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/table/text_table.h"

namespace lab {
namespace {

constexpr int ropeExtensionViewGap = 8;
constexpr int largestFactor = 32;
constexpr std::array<int, 6> multiples = {1, 2, 3, 4, 6, 8};

Role roleOfMethod(std::size_t method) {
    constexpr std::array<Role, 6> roles = {Role::series5, Role::series1, Role::series2, Role::series3, Role::series4, Role::text};
    return roles[std::min(method, roles.size() - 1)];
}

}  // namespace

RopeExtensionView::RopeExtensionView(RopeStudy& study, QWidget* parent) : QWidget(parent), m_study(study) {
    m_grid = new QGridLayout(this);
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->addWidget(makeRatios(), 0, 0);
    m_grid->addWidget(makeMethods(), 1, 0);
    m_grid->addWidget(makeMeasurement(), 0, 1, 2, 1);
    m_grid->setColumnStretch(0, 1);
    m_grid->setColumnStretch(1, 1);
    m_grid->setRowStretch(0, 1);
    connect(&study, &RopeStudy::vectorsChanged, this, &RopeExtensionView::showExtensions);
    connect(&m_sweep, &LengthSweep::pointReady, this, [this](int rotation, int seqLen, const Evaluation& evaluation) {
        if (static_cast<std::size_t>(rotation) >= m_results.size()) return;  // of a run that is gone
        m_results[static_cast<std::size_t>(rotation)][seqLen] = evaluation;
        showMeasurement();
    });
    connect(&m_sweep, &LengthSweep::progressed, this,
            [this](int done, int total) { m_lengthPanel->setSubtitle(tr("%1 of %2 measured").arg(done).arg(total)); });
    connect(&m_sweep, &LengthSweep::failed, this, [this](const QString& message) { m_problem = message; });
    connect(&m_sweep, &LengthSweep::finished, this, [this](bool) { showMeasurement(); });
    connect(&m_search, &LongRopeJob::progressed, this, [this](int done, int total, const LongRopeCandidate& best) {
        if (m_searchOf != m_scene.run) return;  // of a run that is gone
        m_searchNote = tr("%1 of %2 tried, loss %3").arg(done).arg(total).arg(fixed(best.loss, 3));
        if (m_searched[m_searchFactor] != best.factors) {
            m_searched[m_searchFactor] = best.factors;
            showExtensions();
            showMeasurement();
        }
        showSearch();
    });
    connect(&m_search, &LongRopeJob::failed, this, [this](const QString& message) { m_searchNote = message; });
    connect(&m_search, &LongRopeJob::finished, this, &RopeExtensionView::showSearch);
    followTheme(this, &RopeExtensionView::applyMeasures);
}

QWidget* RopeExtensionView::makeRatios() {
    m_ratioPanel = new PanelFrame(tr("Turning that is left"), this);
    m_ratioPanel->setSubtitle(tr("\u03B8\u2032 / \u03B8 of every pair"));
    auto* body = new QWidget;
    auto* layout = new QVBoxLayout(body);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_ratios = named("positions.extension.ratios", new Plot(tr("Turning that is left of every pair")));
    m_ratios->setXTitle(tr("pair"));
    m_ratios->setReading([](double ratio) { return fixed(ratio, 3); });
    m_ratios->setToolTip(
        tr("How much of its turning an extension leaves to a pair: \u03B8\u2032 / \u03B8. 1 keeps it; 1/s interpolates it in "
           "full, so that s times as many tokens stay within the angles of training."));
    m_factorSlider = named("positions.extension.factor", new PositionSlider(tr("factor s"), Role::fill));
    m_factorSlider->setToolTip(tr("How many times longer than in training sequences may become"));
    layout->addWidget(m_ratios, 1);
    m_factorRow = new QVBoxLayout;
    m_factorRow->addWidget(m_factorSlider);
    layout->addLayout(m_factorRow);
    m_ratioPanel->setContent(body);
    connect(m_ratios, &Plot::handMoved, this, [this](double pair) { m_study.setPair(static_cast<int>(std::lround(pair))); });
    connect(m_factorSlider, &PositionSlider::moved, this, [this](int factor) { setFactor(factor); });
    return m_ratioPanel;
}

QWidget* RopeExtensionView::makeMethods() {
    m_methodPanel = new PanelFrame(tr("What each does to the pairs"), this);
    m_methods = new TextTable(tr("Extensions"));
    m_methods->setColumns(
        {tr("method"), tr("kept"), tr("between"), tr("interpolated"), tr("factor \u03BA"), QStringLiteral("\u03B8\u2032_{p}")},
        {0.29, 0.09, 0.14, 0.17, 0.18, 0.13});
    m_methods->setToolTip(
        tr("linear: \u03B8 / s. NTK: base \u00B7 s^(d\u2095/(d\u2095\u2212"
           "2)). YaRN: from kept to interpolated along the pairs, by the turns "
           "within the training length, and q \u00B7 k divided by t, \u03BA = \u221A(1 / t) = 0.1 ln(s) + 1. LongRoPE: a factor for each "
           "pair, found "
           "by search, "
           "and \u03BA = \u221A(1 + ln s / ln L). \u03BA is the attention factor on cos and sin. Llama 3: by wavelength; more than 4 turns "
           "kept, less than 1 interpolated."));
    m_methodPanel->setContent(m_methods);
    m_searchButton = named("positions.extension.search", new Button(tr("Search \u03BB")));
    m_searchButton->setHeight(20);
    m_searchButton->setWidthFor({tr("Search \u03BB"), tr("Cancel")});
    m_methodPanel->addControl(m_searchButton);
    connect(m_searchButton, &QPushButton::clicked, this, &RopeExtensionView::toggleSearch);
    return m_methodPanel;
}

QWidget* RopeExtensionView::makeMeasurement() {
    m_lengthPanel = new PanelFrame(tr("The model on longer sequences"), this);
    auto* body = new QWidget;
    auto* layout = new QVBoxLayout(body);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_lengths = named("positions.extension.lengths", new Plot(tr("Answers against sequence length")));
    m_lengths->setXTitle(tr("task.seq_len"));
    m_lengths->legend()->setParent(body);
    m_lengths->legend()->setRows(2);
    m_lengths->legend()->show();
    m_measure =
        named("positions.extension.measured", new SegmentedControl({measureName(LossKind::cross_entropy), tr("loss")}, tr("Measured")));
    m_measure->setHeight(20);
    m_start = named("positions.extension.measure", new Button(tr("Measure")));
    m_start->setHeight(20);
    m_start->setWidthFor({tr("Measure"), tr("Cancel")});
    m_lengthPanel->addControl(m_measure);
    m_lengthPanel->addControl(m_start);
    layout->addWidget(m_lengths->legend());
    layout->addWidget(m_lengths, 1);
    m_lengthPanel->setContent(body);
    connect(m_measure, &SegmentedControl::chosen, this, &RopeExtensionView::showMeasurement);
    connect(m_start, &QPushButton::clicked, this, &RopeExtensionView::toggleMeasurement);
    return m_lengthPanel;
}

void RopeExtensionView::applyMeasures() {
    m_grid->setSpacing(Theme::instance().px(ropeExtensionViewGap));
    m_factorRow->setContentsMargins(Theme::instance().px(10), 0, Theme::instance().px(12), Theme::instance().px(2));
}

bool RopeExtensionView::rotates() const {
    return m_scene.run && m_scene.run->experiment().model.position.kind == PositionKind::rope;
}

void RopeExtensionView::look(const PositionScene& scene) {
    const bool otherRun = scene.run != m_scene.run;
    m_scene = scene;
    if (otherRun) {
        m_sweep.cancel();
        if (m_sweep.job()) m_sweep.job()->setOpener(nullptr, {});  // what it found is no longer here
        m_search.cancel();
        m_searched.clear();
        m_searchNote.clear();
        m_results.clear();
        m_measured.clear();
        m_problem.clear();
    }
    m_lengths->setEmptyText(rotates()
                                ? tr("Measure puts the model to sequences of up to 8 times its training length, once for each extension.")
                            : !scene.run || scene.run->experiment().model.attends()
                                ? tr("Measure puts the model, as trained, to sequences of up to 8 times its training length.")
                                : tr("Measure puts the model, as trained, to longer sequences, as far as its mixing net has weights "
                                     "(max_seq_len %1).")
                                      .arg(*scene.run->experiment().model.max_seq_len));
    m_start->setEnabled(scene.run && scene.checkpoint);
    m_start->setToolTip(scene.run ? tr("Runs the weights of the shown step on 1 to 8 times the training length")
                                  : tr("There is no model yet"));
    showMeasurement();
    showSearch();
}

void RopeExtensionView::setFactor(int factor) {
    m_factor = std::clamp(factor, 1, largestFactor);
    showExtensions();
    showMeasurement();
    showSearch();
}

void RopeExtensionView::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    showExtensions();
}

void RopeExtensionView::showExtensions() {
    if (!isVisible()) return;  // told anew when shown
    if (m_study.pairs() == 0) return;
    m_factorSlider->setPosition(m_factor, largestFactor, largestFactor + 1);
    const auto searchedFactors = m_searched.find(m_factor);
    m_extensions = ropeExtensions(m_study.rope(), m_study.geometry().headDim(), m_study.trainedLength(), m_factor,
                                  searchedFactors == m_searched.end() ? std::vector<double>{} : searchedFactors->second);
    std::vector<PlotSeries> series;
    std::vector<TextTable::Row> rows;
    for (std::size_t i = 0; i < m_extensions.size(); ++i) {
        const RopeExtension& extension = m_extensions[i];
        PlotSeries ratio{QString(), roleOfMethod(i)};
        ratio.squares = m_study.pairs() <= 16;
        for (std::size_t p = 0; p < extension.ratio.size(); ++p) {
            ratio.x.push_back(static_cast<double>(p));
            ratio.y.push_back(extension.ratio[p]);
        }
        series.push_back(std::move(ratio));
        TextTable::Row row;
        row.cells = {rowName(*extension.rope.scaling.kind),
                     QString::number(extension.count(PairFate::kept)),
                     QString::number(extension.count(PairFate::between)),
                     QString::number(extension.count(PairFate::interpolated)),
                     fixed(extension.frequencies.scale, 3),
                     significant(extension.frequencies.theta[static_cast<std::size_t>(m_study.pair())], 3)};
        row.sample = roleOfMethod(i);
        rows.push_back(std::move(row));
    }
    m_ratios->setXRange(-0.5, m_study.pairs() - 0.5);
    m_ratios->setYRange(std::pair(0.0, 1.08));
    m_ratios->setSeries(std::move(series));
    m_ratios->setHand(m_study.pair(), tr("pair %1").arg(m_study.pair()));
    m_methods->setRows(std::move(rows));
    m_ratioPanel->setNote(tr("1: kept \u00B7 1/%1: interpolated").arg(m_factor));
    m_methodPanel->setSubtitle(
        tr("%1 \u2192 %2 tokens").arg(grouped(m_study.trainedLength()), grouped(m_study.trainedLength() * m_factor)));
}

void RopeExtensionView::toggleMeasurement() {
    if (m_sweep.running()) {
        m_sweep.cancel();
        return;
    }
    if (!m_scene.run || !m_scene.checkpoint) return;
    LengthQuestion question;
    question.run = m_scene.run;
    question.experiment = m_scene.run->experiment();
    question.checkpoint = m_scene.checkpoint;
    m_measuredNames.clear();
    m_measuredFactors.clear();
    m_measuredFor = m_factor;
    if (rotates()) {
        for (const RopeExtension& extension : m_extensions) {
            question.rotations.emplace_back(extension.rope);
            question.rotations.back()->pairing = question.experiment.model.position.rope.pairing;  // the study's may be a what-if
            m_measuredNames << shown(extension.rope.scaling.kind->title);
            m_measuredFactors.push_back(extension.rope.scaling.long_factors);
        }
    } else {
        question.rotations.emplace_back();
        m_measuredNames << tr("as trained");
    }
    const ModelConfig& model = question.experiment.model;
    for (const int times : multiples) {
        const int seqLen = times * question.experiment.task.seq_len;
        if (model.attends() || seqLen <= *model.max_seq_len) question.seqLens.push_back(seqLen);
    }
    m_results.assign(question.rotations.size(), {});
    m_problem.clear();
    const QString step = grouped(m_scene.checkpoint->step);
    m_measured = rotates() ? tr("step %1, factor %2").arg(step).arg(m_factor) : tr("step %1").arg(step);
    m_lengthPanel->setSubtitle(tr("measuring"));
    m_sweep.start(question);
    m_sweep.job()->setOpener(this, [this] { emit resultWanted(); });
    showMeasurement();
}

QString RopeExtensionView::rowName(const RopeScalingSpec& scaling) const {
    const QString name = shown(scaling.title);
    if (!scaling.uses("long_factors")) return name;
    if (m_searched.contains(m_factor)) return tr("%1, found").arg(name);
    return m_study.rope().scaling.kind->uses("long_factors") ? tr("%1, the model\u2019s").arg(name) : tr("%1, start").arg(name);
}

QString RopeExtensionView::searchHindrance() const {
    if (!m_scene.run || !m_scene.checkpoint) return tr("There is no model yet whose loss could decide");
    if (!rotates()) return tr("This model has no rotary positions");
    if (m_scene.run->experiment().model.headDim() <= 2) return tr("One pair leaves nothing to search");
    if (m_factor < 2) return tr("With factor 1 there is nothing to search");
    return {};
}

void RopeExtensionView::toggleSearch() {
    if (m_search.running()) {
        m_search.cancel();
        return;
    }
    if (!searchHindrance().isEmpty()) return;
    LongRopeQuestion question;
    question.run = m_scene.run;
    question.experiment = m_scene.run->experiment();
    question.checkpoint = m_scene.checkpoint;
    question.originalLength = m_study.trainedLength();
    question.factor = m_searchFactor = m_factor;
    m_searchOf = m_scene.run;
    m_searchNote = tr("searching");
    m_search.start(question);
    showSearch();
}

void RopeExtensionView::showSearch() {
    const QString hindrance = searchHindrance();
    m_searchButton->setText(m_search.running() ? tr("Cancel") : tr("Search \u03BB"));
    m_searchButton->setEnabled(m_search.running() || hindrance.isEmpty());
    m_searchButton->setToolTip(hindrance.isEmpty()
                                   ? tr("LongRoPE\u2019s factors \u03BB by an evolutionary search: the loss of the shown step on "
                                        "sequences %1 times as long decides, beginning with linear, NTK and YaRN")
                                         .arg(m_factor)
                                   : hindrance);
    m_methodPanel->setNote(m_searchNote);
}

/// Whether a curve was measured with other factors λ than the search has found since.
bool RopeExtensionView::isStale(std::size_t rotation) const {
    if (rotation >= m_measuredFactors.size() || m_measuredFactors[rotation].empty()) return false;
    const auto found = m_searched.find(m_measuredFor);
    return found != m_searched.end() && found->second != m_measuredFactors[rotation];
}

void RopeExtensionView::showMeasurement() {
    m_start->setText(m_sweep.running() ? tr("Cancel") : tr("Measure"));
    if (!m_sweep.running()) m_lengthPanel->setSubtitle(m_problem.isEmpty() ? m_measured : m_problem);
    const bool loss = m_measure->current() == 1;
    if (m_scene.run) m_measure->setChoiceText(0, measureName(measureOf(m_scene.run->experiment().model)));
    std::vector<PlotSeries> series;
    for (std::size_t r = 0; r < m_results.size(); ++r) {
        if (m_results[r].empty() || isStale(r)) continue;
        PlotSeries curve{m_measuredNames[static_cast<qsizetype>(r)], m_measuredNames.size() > 1 ? roleOfMethod(r) : Role::series1};
        curve.squares = true;
        for (const auto& [seqLen, evaluation] : m_results[r]) {
            curve.x.push_back(seqLen);
            curve.y.push_back(loss ? evaluation.loss : evaluation.accuracy);
        }
        series.push_back(std::move(curve));
    }
    const int trained = m_scene.run ? m_scene.run->experiment().task.seq_len : 16;
    m_lengths->setXRange(0, multiples.back() * trained);
    m_lengths->setYRange(loss ? std::nullopt : std::optional(std::pair(0.0, 1.02)));
    m_lengths->setReading(loss ? [](double value) { return fixed(value, 3); } : [](double value) { return percent(value, 1); });
    m_lengths->setShaded(std::pair(0.0, static_cast<double>(trained)), tr("trained"));
    m_lengths->setMarks(rotates() && m_factor > 1
                            ? std::vector<PlotScene::Mark>{{static_cast<double>(trained * m_factor), tr("\u00D7 %1").arg(m_factor)}}
                            : std::vector<PlotScene::Mark>{});
    m_lengths->setSeries(std::move(series));
}

}  // namespace lab
