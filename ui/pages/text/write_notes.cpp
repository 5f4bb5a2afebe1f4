#include "ui/pages/text/write_notes.h"

#include <QCoreApplication>
#include <QPainter>
#include <algorithm>

#include "core/base/number_text.h"
#include "ui/pages/text/candidate_table.h"
#include "ui/pages/text/surprise_strip.h"
#include "ui/scenes/sample_list.h"

namespace lab {
namespace {

struct WritingWords {
    Q_DECLARE_TR_FUNCTIONS(WriteTab)
};

// Logical px.
constexpr double notesWidth = 720, stripHeightOnPaper = 130, betweenParts = 14;

/// The text with its shades, and its surprise below.
class WrittenFigure : public Figure {
public:
    explicit WrittenFigure(WritingPicture picture) : m_picture(std::move(picture)) {}

    FigureTable table() const override {
        FigureTable table;
        table.header = {"place", "text", "surprise"};
        for (std::size_t i = 0; i < m_picture.pieces.size(); ++i) {
            const WrittenPiece& piece = m_picture.pieces[i];
            table.rows.push_back(
                {std::to_string(i), piece.text.toStdString(), piece.surprise ? numberText(*piece.surprise) : std::string()});
        }
        return table;
    }

protected:
    QSizeF bodySize(double width) const override {
        const double room = width > 0 ? width : notesWidth;
        return {room, WrittenView::heightOf(m_picture.pieces, room) + betweenParts + stripHeightOnPaper};
    }
    void paintBody(QPainter& painter, double width) const override {
        const double room = width > 0 ? width : notesWidth, height = WrittenView::heightOf(m_picture.pieces, room);
        WrittenView::paint(painter, m_picture.pieces, room);
        SurpriseStrip::paint(painter, QRectF(0, height + betweenParts, room, stripHeightOnPaper), m_picture.prompt, m_picture.bits,
                             m_picture.chosen);
    }

private:
    WritingPicture m_picture;
};

QString nameOf(const SamplingRule& rule) {
    return QString::fromLatin1(rule.name.data(), static_cast<qsizetype>(rule.name.size()));
}

}  // namespace

QJsonObject samplingNotes(const Sampling& sampling) {
    QJsonObject notes{{QStringLiteral("seed"), static_cast<qint64>(sampling.seed)}};
    for (const SamplingRule* rule : SamplingRule::table()) notes[nameOf(*rule)] = rule->value(sampling);
    return notes;
}

Sampling samplingOf(const QJsonObject& notes) {
    Sampling sampling = Sampling::ofText();
    sampling.seed = static_cast<std::uint64_t>(std::max<qint64>(0, notes[QStringLiteral("seed")].toInteger(42)));
    for (const SamplingRule* rule : SamplingRule::table()) {
        const double value = notes[nameOf(*rule)].toDouble(rule->value(sampling));
        if (rule->limits.contains(value)) rule->set(sampling, value);
    }
    return sampling;
}

std::vector<FigureOffer> writingFigures(const WritingPicture& picture, const FigureSubject& subject) {
    std::vector<FigureOffer> offers;
    FigureOffer text;
    text.name = WritingWords::tr("Written text");
    text.fileName = figureFile(subject, QStringLiteral("text"));
    text.still = true;
    text.make = [picture, subject, name = text.name] {
        auto figure = std::make_unique<WrittenFigure>(picture);
        figure->title = name;
        figure->caption = subjectCaption(
            subject, WritingWords::tr("What the model wrote behind the prompt, which is grey. Shade and bars: surprise of each token, "
                                      "\u2212log\u2082 of its probability before temperature and cuts."));
        return std::unique_ptr<Figure>(std::move(figure));
    };
    offers.push_back(std::move(text));
    const auto table = [&](const QString& name, const DataTable& of, const QString& what) {
        if (of.places().empty()) return;
        offers.push_back(tableOffer(name, of, what, subject));
        offers.back().still = true;
    };
    table(WritingWords::tr("Candidates"), *picture.candidates,
          WritingWords::tr("What the chosen token might have been, before and behind temperature and cuts"));
    table(WritingWords::tr("While training"), *picture.samples,
          WritingWords::tr("What the model wrote at moments of its training, behind the same prompt"));
    return offers;
}

}  // namespace lab
