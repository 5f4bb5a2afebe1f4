#pragma once

#include <memory>

#include "core/config/experiment.h"
#include "core/data/dataset.h"
#include "core/model/model.h"
#include "core/moments/run_moment.h"
#include "core/training/history.h"
#include "server/routes/route.h"

namespace lab::server {

/// A run's model with the weights of one of its steps.
struct Moment {
    Experiment experiment;
    std::shared_ptr<const Model> model;
    std::shared_ptr<const Dataset> dataset;
    CheckpointPtr weights;
};

/// "120" or "latest" of a run. Throws Refusal.
std::int64_t stepOf(const Call& call, const std::string& run, const std::string& text);
Moment momentOf(Service& service, const std::string& run, std::int64_t step);

/// As those who look at models take it.
RunMoment runMomentOf(const Moment& moment);

/// The keys of a body that say what the model reads, and at which step.
std::vector<Parameter> inputKeys();
/// Throws Refusal that points into the body.
Input inputOf(const Values& body, const Moment& moment);

}  // namespace lab::server
