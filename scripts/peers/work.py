"""What peers do: a dictionary of functions for each task, each one call over the whole batch."""

import copy
import os
import tempfile
import warnings

import torch
from torch import nn
from torch.nn.functional import cross_entropy

from networks import NETWORKS

warnings.filterwarnings("ignore")
EPSILON = 1e-6  # As in `assay bench`: no sample is broken, so that every step is taken.


class Work:
    """One network with its samples."""

    def __init__(self, name, threads, batch=None):
        make, shape, self.classes, self.batch = NETWORKS[name]
        self.batch = batch or self.batch
        torch.manual_seed(1)
        self.name, self.threads = name, threads
        self.model = make().eval()
        self.frozen = copy.deepcopy(self.model).requires_grad_(False)
        self.x = torch.rand(self.batch, *shape)
        with torch.no_grad():
            self.y = self.model(self.x).argmax(1)
        self.steps = 10 if name == "resnet18_cifar" else 40
        self.layouts = {"plain": (self.frozen, self.x)}
        if len(shape) == 3:
            last = {"memory_format": torch.channels_last}
            self.layouts["channels last"] = (
                copy.deepcopy(self.frozen).to(**last), self.x.to(**last))

    def contenders(self, task):
        """The ways to do a task, by name."""
        method = getattr(self, task.replace("-", "_"))
        found = {}
        for name, make in method().items():
            try:
                function = make()
                function()
                found[name] = function
            except Exception as error:  # A peer that cannot do it is no peer; say so.
                print(f"  {name} cannot: {type(error).__name__}: {str(error)[:120]}", flush=True)
        return found

    # Predictions and gradients.

    def forward(self):
        def eager(model, x):
            def run():
                with torch.inference_mode():
                    model(x)
            return lambda: run

        def compiled():
            traced = torch.jit.optimize_for_inference(
                torch.jit.freeze(torch.jit.trace(self.frozen, self.x)))

            def run():
                with torch.inference_mode():
                    traced(self.x)
            return run

        def onnxruntime():
            import onnxruntime
            path = os.path.join(tempfile.mkdtemp(), "model.onnx")
            torch.onnx.export(self.model, (self.x,), path, dynamo=False)
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = self.threads
            # Threads that wait busily would slow the others down.
            options.add_session_config_entry("session.intra_op.allow_spinning", "0")
            session = onnxruntime.InferenceSession(path, options)
            feed = {session.get_inputs()[0].name: self.x.numpy()}
            return lambda: session.run(None, feed)

        ways = {f"PyTorch, {n}": eager(*p) for n, p in self.layouts.items()}
        return {**ways, "PyTorch, torch.jit": compiled, "onnxruntime": onnxruntime}

    def slope(self, model, x, loss):
        x = x.detach().requires_grad_(True)
        return torch.autograd.grad(loss(model(x)), x)[0]

    def summed_loss(self, y):
        return lambda logits: cross_entropy(logits, y, reduction="sum")

    def target(self, y):
        return lambda logits: logits.gather(1, y[:, None]).sum()

    def gradient(self):
        loss = self.summed_loss(self.y)
        return {f"PyTorch, {n}": lambda m=m, x=x: lambda: self.slope(m, x, loss)
                for n, (m, x) in self.layouts.items()}

    def saliency(self):
        def captum():
            from captum.attr import Saliency
            method = Saliency(self.frozen)
            return lambda: method.attribute(self.x, target=self.y, abs=False)

        loss = self.target(self.y)
        ways = {f"PyTorch, {n}": lambda m=m, x=x: lambda: self.slope(m, x, loss)
                for n, (m, x) in self.layouts.items()}
        return {**ways, "Captum": captum}

    # Attacks.

    def descent(self, model, x, steps, size):
        loss = self.summed_loss(self.y)
        low, high = (x - EPSILON).clamp(0, 1), (x + EPSILON).clamp(0, 1)

        def run():
            point = x
            for _ in range(steps):
                point = point + size * self.slope(model, point, loss).sign()
                point = torch.minimum(torch.maximum(point, low), high)
            return point
        return run

    def attack(self, steps):
        size = EPSILON if steps == 1 else 0.1 * EPSILON

        def torchattacks():
            import torchattacks
            if steps == 1:
                attack = torchattacks.FGSM(self.frozen, eps=EPSILON)
            else:
                attack = torchattacks.PGD(
                    self.frozen, eps=EPSILON, alpha=size, steps=steps, random_start=False)
            return lambda: attack(self.x, self.y)

        def foolbox(model):
            def make():
                import foolbox
                wrapped = foolbox.PyTorchModel(model, bounds=(0, 1))
                if steps == 1:
                    attack = foolbox.attacks.LinfFastGradientAttack()
                else:
                    attack = foolbox.attacks.LinfPGD(
                        steps=steps, abs_stepsize=size, random_start=False)
                return lambda: attack.run(wrapped, self.x, self.y, epsilon=EPSILON)
            return make

        def art():
            from art.attacks.evasion import FastGradientMethod, ProjectedGradientDescentPyTorch
            from art.estimators.classification import PyTorchClassifier
            model = PyTorchClassifier(
                self.frozen, loss=nn.CrossEntropyLoss(), input_shape=tuple(self.x.shape[1:]),
                nb_classes=self.classes, clip_values=(0, 1), device_type="cpu")
            if steps == 1:
                attack = FastGradientMethod(model, eps=EPSILON, batch_size=self.batch)
            else:
                attack = ProjectedGradientDescentPyTorch(
                    model, eps=EPSILON, eps_step=size, max_iter=steps, batch_size=self.batch,
                    verbose=False)
            x, y = self.x.numpy(), self.y.numpy()
            return lambda: attack.generate(x, y)

        ways = {f"by hand, {n}": lambda m=m, x=x: self.descent(m, x, steps, size)
                for n, (m, x) in self.layouts.items()}
        return {**ways, "torchattacks": torchattacks, "Foolbox": foolbox(self.model),
                "Foolbox, weights frozen": foolbox(self.frozen), "ART": art}

    def fgsm(self):
        return self.attack(1)

    def pgd(self):
        return self.attack(self.steps)

    # Explanations.

    def integrated_gradients(self):
        count = 50

        def captum():
            from captum.attr import IntegratedGradients
            method = IntegratedGradients(self.frozen)
            return lambda: method.attribute(
                self.x, target=self.y, n_steps=count, internal_batch_size=self.batch)

        def by_hand(model, x):
            loss = self.target(self.y)

            def run():
                total = torch.zeros_like(x)
                for step in range(count):
                    total += self.slope(model, x * ((step + 0.5) / count), loss)
                return x * total / count
            return lambda: run

        ways = {f"by hand, {n}": by_hand(*p) for n, p in self.layouts.items()}
        return {**ways, "Captum": captum}

    def smoothgrad(self):
        count = 20

        def captum():
            from captum.attr import NoiseTunnel, Saliency
            method = NoiseTunnel(Saliency(self.frozen))
            return lambda: method.attribute(
                self.x, nt_type="smoothgrad", nt_samples=count, nt_samples_batch_size=1,
                stdevs=0.15, target=self.y, abs=False)

        def by_hand(model, x):
            loss = self.target(self.y)

            def run():
                total = torch.zeros_like(x)
                for _ in range(count):
                    total += self.slope(model, x + 0.15 * torch.randn_like(x), loss)
                return total / count
            return lambda: run

        ways = {f"by hand, {n}": by_hand(*p) for n, p in self.layouts.items()}
        return {**ways, "Captum": captum}

    # Training.

    def training(self, optimizer):
        def way(layout):
            def make():
                model = copy.deepcopy(self.model).train()
                x = self.x.repeat(*[-(-512 // self.batch)] + [1] * (self.x.dim() - 1))[:512]
                if layout:
                    model = model.to(memory_format=torch.channels_last)
                    x = x.to(memory_format=torch.channels_last)
                y = torch.arange(512) % self.classes
                update = optimizer(model.parameters())

                def run():
                    for start in range(0, 512, 128):
                        update.zero_grad(set_to_none=True)
                        rows = slice(start, start + 128)
                        cross_entropy(model(x[rows]), y[rows]).backward()
                        update.step()
                run.samples = 512
                return run
            return make

        ways = {"PyTorch, plain": way(False)}
        return {**ways, "PyTorch, channels last": way(True)} if len(self.layouts) > 1 else ways

    def train_sgd(self):
        return self.training(lambda p: torch.optim.SGD(p, lr=1e-3, momentum=0.9))

    def train_adam(self):
        return self.training(lambda p: torch.optim.Adam(p))
