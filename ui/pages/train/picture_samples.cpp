#include "ui/pages/train/picture_samples.h"

#include <QHeaderView>
#include <QPainter>
#include <algorithm>

#include "core/pictures/patches.h"
#include "ui/runs/run.h"
#include "ui/scenes/patch_pictures.h"
#include "ui/widgets/format.h"
#include "ui/widgets/verdict.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int pictureSamplesRow = 30, pictureSamplesSide = 26, pictureSamplesWidth = 320;
constexpr int pictureSamplesRows = 4, pictureSamplesLeastRows = 3;

}  // namespace

PictureSamples::PictureSamples(QWidget* parent) : DataTable(tr("Samples"), pictureSamplesRow, parent) {
    setColumns(makeColumns());
    sortByColumn(lossColumn, false);
    connect(this, &DataTable::rowChosen, this, [this](std::size_t row) { emit sampleChosen(m_samples[row].index); });
}

bool PictureSamples::isFor(const Run* run) {
    return run && run->dataset()->pictures() && !run->experiment().model.answersNumbers();
}

std::vector<TableColumn> PictureSamples::makeColumns() {
    std::vector<TableColumn> columns(6);
    columns[pictureColumn] = pictures();
    TableColumn& index = columns[indexColumn] = {"sample", tr("sample"), tr("Its number"), Qt::AlignRight, true};
    index.cell = [this](std::size_t row) { return TableCell{grouped(m_samples[row].index)}; };
    index.number = [this](std::size_t row) { return static_cast<double>(m_samples[row].index); };
    index.widest = QStringLiteral("0 000");
    TableColumn& loss =
        columns[lossColumn] = {"loss", tr("loss"), tr("Of this sample alone: \u2212ln of what the model gives to the truth")};
    loss.cell = [this](std::size_t row) { return TableCell{fixed(m_samples[row].loss, 4)}; };
    loss.number = [this](std::size_t row) { return m_samples[row].loss; };
    loss.widest = QStringLiteral("00.0000");
    TableColumn& said = columns[saidColumn] = {"said", tr("model"), tr("What the model says it is"), Qt::AlignLeft, true};
    said.cell = [this](std::size_t row) { return TableCell{classText(m_samples[row].said)}; };
    TableColumn& truth = columns[truthColumn] = {"truth", tr("truth"), tr("What it is"), Qt::AlignLeft, true};
    truth.cell = [this](std::size_t row) { return TableCell{classText(m_samples[row].truth)}; };
    for (TableColumn* each : {&said, &truth}) each->widest = QString(8, QLatin1Char('n'));
    columns[rightColumn] = verdicts();
    return columns;
}

TableColumn PictureSamples::pictures() {
    TableColumn column{"", tr("picture"), tr("As the model reads it"), Qt::AlignLeft, true};
    column.cell = [](std::size_t) { return TableCell(); };
    column.number = [this](std::size_t row) { return static_cast<double>(m_samples[row].index); };
    column.spoken = [this](std::size_t row) { return tr("picture of sample %1").arg(m_samples[row].index); };
    column.paint = [this](QPainter& painter, const QRectF& room, std::size_t row) {
        const double side = Theme::instance().px(pictureSamplesSide);
        painter.drawImage(QRectF(room.left(), room.center().y() - side / 2, side, side), picture(row));
    };
    return column;
}

TableColumn PictureSamples::verdicts() {
    TableColumn column{"right", tr("right"), tr("Whether the two are the same; sorts the wrong ones to the top"), Qt::AlignLeft, true};
    column.cell = [this](std::size_t row) {
        const SampleRanking::Ranked& sample = m_samples[row];
        const bool right = sample.right == sample.asked;
        const QString count = sample.asked > 1 ? QStringLiteral("%1/%2").arg(sample.right).arg(sample.asked) : QString();
        return TableCell{verdictText(right, count), verdictRole(right), true};
    };
    column.number = [this](std::size_t row) { return m_samples[row].right / static_cast<double>(std::max(m_samples[row].asked, 1)); };
    column.spoken = [this](std::size_t row) { return m_samples[row].right == m_samples[row].asked ? tr("right") : tr("wrong"); };
    return column;
}

QString PictureSamples::classText(int id) const {
    return id < 0 || !m_words ? noNumber().text : m_words->classText(id);
}

const QImage& PictureSamples::picture(std::size_t row) const {
    const int index = m_samples[row].index;
    QImage& image = m_pictures[index];
    if (!image.isNull()) return image;
    const PictureFrame& frame = *m_words->pictures();
    const Sample sample = m_validation ? m_data->validationSample(index) : m_data->trainSample(index);
    return image = pictureImage(frame, std::span(sample.vectors).last(static_cast<std::size_t>(frame.patches() * frame.numbers())));
}

/// A row is a sample wherever its loss puts it, so that the cursor stays on it; and what is looked at does not scroll away with it.
void PictureSamples::setSamples(const Run& run, bool validation, std::vector<SampleRanking::Ranked> samples, int shown) {
    if (m_data != run.dataset() || m_validation != validation) m_pictures.clear();
    m_words.emplace(run);
    m_data = run.dataset();
    m_validation = validation;
    std::ranges::sort(samples, {}, &SampleRanking::Ranked::index);
    m_samples = std::move(samples);
    const auto mine = std::ranges::find(m_samples, shown, &SampleRanking::Ranked::index);
    setAutoScroll(false);
    showAll(m_samples.size(), mine == m_samples.end() ? std::nullopt : std::optional(static_cast<std::size_t>(mine - m_samples.begin())));
    setAutoScroll(true);
}

/// Who sorts wants to see what comes first, not where the sample in the window went.
void PictureSamples::titlePressed(int column) {
    DataTable::titlePressed(column);
    scrollToTop();
}

void PictureSamples::forget() {
    showAll(0, std::nullopt);
    m_samples.clear();
    m_pictures.clear();
    m_words.reset();
    m_data.reset();
}

QSize PictureSamples::sizeHint() const {
    const Theme& theme = Theme::instance();
    return {theme.px(pictureSamplesWidth), horizontalHeader()->height() + pictureSamplesRows * theme.px(pictureSamplesRow)};
}

QSize PictureSamples::minimumSizeHint() const {
    return {DataTable::minimumSizeHint().width(),
            horizontalHeader()->height() + pictureSamplesLeastRows * Theme::instance().px(pictureSamplesRow)};
}

}  // namespace lab
