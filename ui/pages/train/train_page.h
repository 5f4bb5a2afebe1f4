#pragma once

#include <QPointer>

#include "ui/pages/page.h"
#include "ui/runs/prediction_log.h"
#include "ui/runs/sample_ranking.h"
#include "ui/widgets/sample_table.h"

namespace lab {

class CurrentStack;
class LiveMap;
class PageHeader;
class PanelFrame;
class PartView;
class PhenomenaView;
class PictureSamples;
class TextOverTime;
class SegmentedControl;
class SequenceWords;
class TrainCurves;
class TrainVerdict;

/// Curves of the run, and what the model says: to one sample through time, to six more, or to all pictures, at the shown step.
class TrainPage : public Page {
    Q_OBJECT

public:
    explicit TrainPage(Focus& focus, QWidget* parent = nullptr);
    ~TrainPage() override;

    static QString pageTitle() { return tr("Train"); }
    static QString pageName() { return QStringLiteral("train"); }
    QString title() const override { return pageTitle(); }
    QString iconName() const override { return pageName(); }

    std::vector<FigureOffer> figures() override;

    QWidget* mainPart() override;

    TrainCurves& curves() const { return *m_curves; }
    SampleTable& overTime() const { return *m_overTime; }
    SampleTable& moreSamples() const { return *m_moreSamples; }
    /// In place of the six more samples where a run reads pictures.
    PictureSamples& pictures() const { return *m_pictures; }
    TrainVerdict& verdict() const { return *m_verdict; }
    LiveMap& map() const { return *m_map; }
    PhenomenaView& phenomena() const { return *m_phenomena; }
    /// In place of the six more samples where parts of a model are measured over its training, unless samples are chosen.
    PartView& parts() const { return *m_parts; }
    /// The samples, then the measured parts: what stands there.
    SegmentedControl& beside() const { return *m_beside; }
    /// In place of the tables where a text is learned.
    TextOverTime& texts() const { return *m_texts; }

    QJsonObject notes() const override;
    void takeNotes(const QJsonObject& notes) override;

protected:
    void refresh() override;
    bool ready() const override;

private:
    static constexpr int tableRows = 6;
    static constexpr int firstSampleTag = 1000;  ///< tags below: rows over time; from here: the index of the sample

    std::unique_ptr<Figure> curvesFigure() const;
    std::unique_ptr<Figure> answersFigure(bool overTime) const;
    FigureOffer mapOffer(const QString& fileName) const;
    QWidget* makeHeader();
    QWidget* makeTables();
    QWidget* makePictures();
    QWidget* makeBeside();
    void offerParts();
    void refreshBeside();
    bool listsSamples() const;
    void applyMeasures();
    void refreshHeader();
    void refreshMap();
    void askForPredictions();
    bool learnsText() const;
    bool listsPictures() const;
    bool ranks() const;
    void showPictures();
    void showPredictions();
    int answerCell(int position) const;
    SampleTable::Row rowOf(const PredictionAnswer& answer, const QString& label) const;
    QString saidAt(const SequenceWords& words, const PredictionAnswer& answer, std::size_t position) const;
    std::vector<int> moreIndices() const;

    PredictionLog m_log;
    SampleRanking m_ranking;
    SegmentedControl* m_order;    ///< of the six more samples
    SegmentedControl* m_beside;   ///< of what stands beside the predictions over time
    bool m_besideChosen = false;  ///< by the person
    CurrentStack* m_besideStack;
    PartView* m_parts;
    QPointer<Run> m_run;
    QMetaObject::Connection m_countedConnection;
    PageHeader* m_header;
    SegmentedControl *m_stepAxis, *m_lossAxis, *m_smoothing;
    TrainVerdict* m_verdict;
    TrainCurves* m_curves;
    LiveMap* m_map;
    PanelFrame *m_overTimeFrame, *m_moreFrame, *m_phenomenaFrame, *m_picturesFrame;
    PhenomenaView* m_phenomena;  ///< in place of the six samples where a run learns stories
    TextOverTime* m_texts;       ///< in place of the table over time where a run learns a text
    SampleTable *m_overTime, *m_moreSamples;
    PictureSamples* m_pictures;
    std::vector<std::int64_t> m_overTimeSteps;
    std::vector<int> m_moreIndices;
};

}  // namespace lab
